// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.testkit.ChildProcess;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed again and again while rows are set aside and replayed: in the end every row is right, and once. */
class DeadLetterKillTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KILLS = 5;
    private static final int KEYS = 40;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("philotes.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int items;

    @Test
    void letters_survive_kills_and_are_applied_once() throws Exception {
        System.out.println("seed " + seed);
        try (TestPostgres postgres = TestPostgres.start()) {
            postgres.execute(
                    "CREATE TABLE prices (id bigint PRIMARY KEY, note text, amount numeric)",
                    "ALTER TABLE prices ALTER note SET STORAGE EXTERNAL",
                    "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
                    "INSERT INTO prices SELECT i, repeat(md5(i::text), 100), i + 0.25 FROM generate_series(1, 20) i");
            for (int kill = 0; kill < KILLS; kill++) {
                runAndKill(postgres);
            }
            bringHome(postgres);
        }
    }

    private void runAndKill(TestPostgres postgres) throws Exception {
        try (ChildProcess child =
                ChildProcess.start("256m", LetterPipeline.class, postgres.url(), directory.toString())) {
            child.line("RUNNING");
            for (int commits = 1 + random.nextInt(5); commits > 0; commits--) {
                changes(postgres);
                if (random.nextInt(3) > 0) {
                    LetterPipeline.move(directory, DeadLetterMove.wanted(Instant.now()));
                }
                child.line("COMMITTED");
            }
            child.kill();
        }
    }

    private void bringHome(TestPostgres postgres) throws Exception {
        try (JdbcCatalog catalog = LetterPipeline.catalog(directory);
                Pipeline pipeline = LetterPipeline.start(
                        postgres.url(), directory, catalog, LetterPipeline.WIDE, new PipelineListener() {});
                Connection source = postgres.connect()) {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                pipeline.runUntilCaughtUp(PATIENCE);
                LetterPipeline.move(directory, DeadLetterMove.wanted(Instant.now()));
                return LetterPipeline.prices(pipeline).deadLetters() == 0;
            });
            pipeline.runUntilCaughtUp(PATIENCE);
            assertThat(LetterPipeline.prices(pipeline).state()).isEqualTo(TableState.STREAMING);
            Mirror.assertEqual(source, LetterPipeline.PRICES, catalog.loadTable(TableIdentifier.of("shop", "prices")));
        }
    }

    private void changes(TestPostgres postgres) throws Exception {
        for (int i = random.nextInt(12); i >= 0; i--) {
            postgres.execute(change());
        }
        postgres.execute("INSERT INTO items VALUES (" + ++items + ", 'so that something is committed')");
    }

    private String change() {
        int key = random.nextInt(KEYS);
        String amount = (random.nextInt(4) == 0 ? "99999999" : "") + random.nextInt(1000) + ".50";
        return switch (random.nextInt(7)) {
            case 0 -> "DELETE FROM prices WHERE id = " + key;
            case 1 ->
                "UPDATE prices SET id = " + random.nextInt(KEYS, 2 * KEYS) + ", amount = " + amount + " WHERE id = "
                        + key + " AND NOT EXISTS (SELECT FROM prices WHERE id >= " + KEYS + ")";
            case 2 ->
                "UPDATE prices SET id = (SELECT min(i) FROM generate_series(1, " + KEYS
                        + ") i WHERE i NOT IN (SELECT id FROM prices)) WHERE id >= " + KEYS;
            case 3 -> "UPDATE prices SET note = repeat('" + random.nextInt(100) + "', 2000) WHERE id = " + key;
            case 4 -> "UPDATE prices SET amount = " + amount + " WHERE id = " + key;
            default ->
                "INSERT INTO prices VALUES (" + key + ", repeat('n" + key + "', 1500), " + amount
                        + ") ON CONFLICT (id) DO UPDATE SET amount = EXCLUDED.amount";
        };
    }
}
