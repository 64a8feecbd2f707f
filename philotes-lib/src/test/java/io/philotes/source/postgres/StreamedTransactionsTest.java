// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions at random, read from two slots: the very same comes of those that were streamed while they were open as of those
 * that came after their commit. With the event trigger in every second database, and each change streamed on its own where
 * the server can do that.
 */
class StreamedTransactionsTest {

    private static final int LIVES = 4;
    private static final int STEPS = 250;
    private static final int IMMEDIATE = 16;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {14, 16, 18})
    void the_very_same_changes_come_streamed_and_whole(int version) throws Exception {
        long seed = Long.getLong("philotes.seed", new Random().nextLong());
        System.out.println("StreamedTransactionsTest on " + version + ": seed " + seed);
        Random random = new Random(seed);
        try (TestPostgres server = TestPostgres.start(version)) {
            for (int life = 0; life < LIVES; life++) {
                SourceLab lab = new SourceLab(server, "life" + life);
                lab.sql("ALTER DATABASE life" + life + " SET logical_decoding_work_mem = '64kB'");
                if (version >= IMMEDIATE && life >= 2) {
                    lab.sql("ALTER DATABASE life" + life + " SET debug_logical_replication_streaming = immediate");
                }
                live(lab, random, life % 2 == 0);
            }
            server.execute("CHECKPOINT");
        }
    }

    private void live(SourceLab lab, Random random, boolean exact) throws Exception {
        RandomTransactions.prepare(lab);
        if (exact) {
            lab.sql(PostgresSource.schemaTrackingSql());
        }
        PostgresSourceBuilder builder =
                lab.builder("public.t*", "public.parts").maxBatchBytes(random.nextBoolean() ? 4096 : 256 * 1024);
        Path spool = directory.resolve(lab.database);
        AttachedSource whole = attached(builder, lab.database + "_whole");
        AttachedSource streamed = attached(builder.streaming(spool), lab.database + "_streamed");
        try (RandomTransactions transactions = new RandomTransactions(lab, random)) {
            transactions.run(STEPS);
        }
        Lsn from = lab.confirmed(streamed);
        List<String> expected = read(lab, whole, from);
        requireSame(read(lab, streamed, from), expected);
        assertThat(spool.toFile().list()).isNullOrEmpty();
        assertThat(streamedTransactions(lab, "_whole")).isZero();
        assertThat(streamedTransactions(lab, "_streamed")).isPositive();
        whole.dropSlot();
        streamed.dropSlot();
    }

    private static AttachedSource attached(PostgresSourceBuilder builder, String name) {
        AttachedSource source = builder.build().attach(name);
        source.preparePublication();
        source.createSlot(Set.of()).close();
        source.tables().forEach(source::remember);
        return source;
    }

    private static long streamedTransactions(SourceLab lab, String slot) throws SQLException {
        return Long.parseLong(lab.value("SELECT stream_txns FROM pg_stat_replication_slots WHERE slot_name = 'philotes_"
                + lab.database + slot + "'"));
    }

    /** Only the first difference, of what may be thousands of lines. */
    private static void requireSame(List<String> lines, List<String> expected) {
        int same = 0;
        while (same < Math.min(lines.size(), expected.size()) && lines.get(same).equals(expected.get(same))) {
            same++;
        }
        int from = Math.max(0, same - 3);
        assertThat(lines.stream().skip(from).limit(6))
                .containsExactlyElementsOf(expected.stream().skip(from).limit(6).toList());
        assertThat(lines).hasSameSizeAs(expected);
    }

    /** All whole transactions; opens the stream again where it asks for that. */
    private static List<String> read(SourceLab lab, AttachedSource source, Lsn start)
            throws SQLException, InterruptedException {
        Lsn from = start;
        Lsn target = lab.walEnd();
        lab.sql("SELECT pg_logical_emit_message(false, 'test', '')");
        List<ChangeBatch> batches = new ArrayList<>();
        while (from.isBefore(target)) {
            from = readOn(source, from, target, batches);
        }
        return ChangeLines.placed(batches);
    }

    private static Lsn readOn(AttachedSource source, Lsn start, Lsn target, List<ChangeBatch> batches)
            throws InterruptedException {
        List<ChangeBatch> parts = new ArrayList<>();
        Lsn from = start;
        try (ChangeStream stream = source.open(start)) {
            while (from.isBefore(target)) {
                ChangeBatch batch = stream.poll(Duration.ofSeconds(20));
                assertThat(batch).as("behind %s of %s", from, target).isNotNull();
                parts.add(batch);
                if (batch.endsOnBoundary()) {
                    from = batch.endLsn();
                    batches.addAll(parts);
                    parts.clear();
                }
            }
        } catch (PhilotesException e) {
            assertThat(e.code().recovery()).as(e.getMessage()).isEqualTo(Recovery.RETRY);
            assertThat(e).hasMessageContaining("as it was streamed");
        }
        return from;
    }
}
