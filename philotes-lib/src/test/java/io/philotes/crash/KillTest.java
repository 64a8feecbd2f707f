// SPDX-License-Identifier: Apache-2.0
package io.philotes.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.io.File;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills the process that mirrors a busy table, again and again at random moments, and then proves that the target equals the
 * source and that no table snapshot on the way ever lied. {@code -Dphilotes.kills=N} and {@code -Dphilotes.seed=S} change the
 * run.
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
    @CsvSource({"disk, 3", "memory, 2"})
    void a_killed_pipeline_loses_nothing_and_repeats_nothing(String buffer, String formatVersion) throws Exception {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        System.out.println(
                "KillTest buffer=" + buffer + " format=" + formatVersion + " kills=" + KILLS + " seed=" + seed);
        String database = "kill_" + buffer;
        postgres.createDatabase(database);
        LedgerWorkload.create(postgres, database);

        long transactions = killUnderLoad(database, buffer, formatVersion, new Random(seed));

        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            catchUp(database, buffer, formatVersion, catalog);
            Table table = catalog.loadTable(TableIdentifier.of(CrashChild.NAMESPACE, "ledger"));
            try (Connection source = postgres.connect(database)) {
                Mirror.assertEqual(source, LedgerWorkload.TABLE, table);
            }
            int snapshots = LedgerHistory.check(table);
            System.out.println("KillTest transactions=" + transactions + " snapshots=" + snapshots + " verdict=OK");
            assertThat(transactions).isPositive();
        }
    }

    private long killUnderLoad(String database, String buffer, String formatVersion, Random random) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long workloadSeed = random.nextLong();
        try (LedgerWorkload workload = new LedgerWorkload(postgres, database, workloadSeed)) {
            Thread writer = new Thread(() -> write(workload, stop, failure), "ledger-writer");
            writer.start();
            for (int kill = 0; kill < KILLS; kill++) {
                runAndKill(database, buffer, formatVersion, random.nextInt(3_500) + 500);
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

    private void runAndKill(String database, String buffer, String formatVersion, int afterMillis)
            throws IOException, InterruptedException {
        File log = directory.resolve("child.log").toFile();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashChild.class.getName(),
                        postgres.url(database),
                        directory.toString(),
                        buffer,
                        formatVersion)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        boolean endedByItself = child.waitFor(afterMillis, TimeUnit.MILLISECONDS);
        assertThat(endedByItself)
                .as("the pipeline ended by itself, see %s", log)
                .isFalse();
        child.destroyForcibly().waitFor();
    }

    private void catchUp(String database, String buffer, String formatVersion, JdbcCatalog catalog)
            throws InterruptedException {
        try (Pipeline pipeline = CrashChild.pipeline(postgres.url(database), directory, buffer, formatVersion, catalog)
                .start()) {
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> pipeline.status().state() == io.philotes.pipeline.PipelineState.RUNNING);
            pipeline.runUntilCaughtUp(Duration.ofMinutes(2));
        }
    }
}
