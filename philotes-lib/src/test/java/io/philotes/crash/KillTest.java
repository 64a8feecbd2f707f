// SPDX-License-Identifier: Apache-2.0
package io.philotes.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills the process that mirrors a busy table, again and again at random moments, and then proves that the target equals the
 * source and that no table snapshot on the way ever lied. {@code -Dphilotes.kills=N}, {@code -Dphilotes.seed=S} and
 * {@code -Dphilotes.kill.buffer=B} change the run.
 */
class KillTest {

    private static final int KILLS = Integer.getInteger("philotes.kills", 10);

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void startPostgres() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({"disk, 3, stream", "memory, 2, stream", "memory, 3, copies", "postgres, 3, stream"})
    void a_killed_pipeline_loses_nothing_and_repeats_nothing(String buffer, String formatVersion, String work)
            throws Exception {
        String only = System.getProperty("philotes.kill.buffer", buffer);
        assumeTrue(only.equals(buffer), "only the buffer " + only);
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        System.out.println("KillTest buffer=" + buffer + " format=" + formatVersion + " work=" + work + " kills="
                + KILLS + " seed=" + seed);
        String database = "kill_" + buffer + "_" + work;
        postgres.createDatabase(database);
        LedgerWorkload.create(postgres, database);

        long transactions = killUnderLoad(database, buffer, formatVersion, work, new Random(seed));

        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            catchUp(database, buffer, formatVersion, catalog);
            Table table = catalog.loadTable(TableIdentifier.of(CrashChild.NAMESPACE, "ledger"));
            try (Connection source = postgres.connect(database)) {
                Mirror.assertEqual(source, LedgerWorkload.TABLE, table);
            }
            int snapshots = LedgerHistory.check(table);
            System.out.println("KillTest transactions=" + transactions + " snapshots=" + snapshots + " verdict=OK");
            assertThat(snapshots).as("commits on the way").isGreaterThan(KILLS / 2);
        }
    }

    private long killUnderLoad(String database, String buffer, String formatVersion, String work, Random random)
            throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long workloadSeed = random.nextLong();
        try (LedgerWorkload workload = new LedgerWorkload(postgres, database, workloadSeed)) {
            Thread writer = new Thread(() -> write(workload, stop, failure), "ledger-writer");
            writer.start();
            for (int kill = 0; kill < KILLS; kill++) {
                runAndKill(database, buffer, formatVersion, work, kill, random);
            }
            stop.set(true);
            writer.join();
            assertThat(failure.get()).isNull();
            return workload.transactions();
        }
    }

    private static void write(LedgerWorkload workload, AtomicBoolean stop, AtomicReference<Throwable> failure) {
        try {
            while (!stop.get()) {
                workload.transaction();
            }
        } catch (SQLException e) {
            failure.set(e);
        }
    }

    /** Every third process dies at any moment of its start, the others some time after a few commits. */
    private void runAndKill(String database, String buffer, String formatVersion, String work, int kill, Random random)
            throws IOException, InterruptedException {
        Process child = start(database, buffer, formatVersion, work);
        try {
            if (kill % 3 != 0) {
                awaitCommits(child, 1 + random.nextInt(4));
            }
            boolean endedByItself = child.waitFor(random.nextInt(kill % 3 == 0 ? 4_000 : 800), TimeUnit.MILLISECONDS);
            assertThat(endedByItself).as("the pipeline ended by itself").isFalse();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private Process start(String database, String buffer, String formatVersion, String work) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashChild.class.getName(),
                        postgres.url(database),
                        directory.toString(),
                        buffer,
                        formatVersion,
                        work)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("child.log").toFile()))
                .start();
    }

    private void awaitCommits(Process child, int commits) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        for (int seen = 0; seen < commits; seen++) {
            if (output.readLine() == null) {
                throw new AssertionError(
                        "the pipeline ended by itself:\n" + Files.readString(directory.resolve("child.log")));
            }
        }
    }

    private void catchUp(String database, String buffer, String formatVersion, JdbcCatalog catalog)
            throws InterruptedException {
        try (Pipeline pipeline = CrashChild.pipeline(postgres.url(database), directory, buffer, formatVersion, catalog)
                .start()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> pipeline.status().state() == PipelineState.RUNNING);
            pipeline.runUntilCaughtUp(Duration.ofMinutes(2));
        }
    }
}
