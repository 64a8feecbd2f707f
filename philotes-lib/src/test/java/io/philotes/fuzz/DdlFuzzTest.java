// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes rows and definitions at random, kills the pipeline now and then, and insists: a table that says it follows is equal
 * to its source within a minute; any other says why it does not, and a copy heals it. {@code -Dphilotes.fuzz.seeds=N},
 * {@code -Dphilotes.fuzz.statements=N} and {@code -Dphilotes.fuzz.first=S} change the run.
 */
class DdlFuzzTest {

    private static final int SEEDS = Integer.getInteger("philotes.fuzz.seeds", 2);
    private static final int STATEMENTS = Integer.getInteger("philotes.fuzz.statements", 60);
    private static final long FIRST = Long.getLong("philotes.fuzz.first", System.currentTimeMillis() % 1_000_000_000);
    private static final int SEGMENT = 25;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<Integer> VERSIONS = List.of(18, 14, 17);

    @TempDir
    Path temp;

    @TestFactory
    List<DynamicTest> definitions_and_rows_change_at_random() {
        return LongStream.range(FIRST, FIRST + SEEDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Run(seed).run()))
                .toList();
    }

    /** One seed. */
    private final class Run {

        private final long seed;
        private final Random random;
        private final RandomSql sql;
        private final Path directory;
        private final FuzzOptions options;
        private final boolean exact;
        private final List<String> log = new ArrayList<>();
        private final Map<String, Integer> loud = new TreeMap<>();
        private TestPostgres postgres;
        private int statements;
        private int kills;

        Run(long seed) {
            this.seed = seed;
            // What Randoms of neighbouring seeds say first is much the same.
            this.random = new Random(new SplittableRandom(seed).nextLong());
            this.sql = new RandomSql(random);
            this.directory = temp.resolve("run" + seed);
            this.options = FuzzOptions.any(random);
            this.exact = random.nextBoolean();
        }

        void run() throws Exception {
            Files.createDirectories(directory);
            int version = VERSIONS.get((int) Math.floorMod(seed, (long) VERSIONS.size()));
            System.out.println("DdlFuzzTest seed=" + seed + " postgres=" + version + " exact=" + exact + " " + options);
            try (TestPostgres server = TestPostgres.start(version)) {
                postgres = server;
                postgres.execute(RandomSql.schema().toArray(new String[0]));
                if (options.streaming()) {
                    postgres.execute("ALTER SYSTEM SET logical_decoding_work_mem = '64kB'", "SELECT pg_reload_conf()");
                }
                if (exact) {
                    postgres.execute(PostgresSource.schemaTrackingSql());
                }
                while (statements < STATEMENTS) {
                    segment();
                }
                System.out.println("DdlFuzzTest seed=" + seed + " statements=" + statements + " kills=" + kills
                        + " loud=" + loud + " verdict=OK");
            } catch (AssertionError | Exception e) {
                Path file = Path.of("target", "fuzz-" + seed + ".sql");
                Files.write(file, log);
                System.out.println("DdlFuzzTest seed=" + seed + " verdict=FAILED, statements in " + file + ": " + e);
                throw e;
            }
        }

        /** Some statements while a process runs that is killed, some while none runs, some while one is watched. */
        private void segment() throws Exception {
            if (random.nextInt(3) == 0) {
                runAndKill();
            }
            if (random.nextInt(3) == 0) {
                log.add("-- down");
                execute(1 + random.nextInt(8));
            }
            try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"));
                    Pipeline pipeline = FuzzPipeline.of(postgres.url(), directory, options, catalog)
                            .start()) {
                log.add("-- up");
                await("running", () -> pipeline.status().state() == PipelineState.RUNNING ? "" : "state");
                execute(random.nextInt(SEGMENT));
                if (random.nextInt(3) == 0) {
                    copyAgain(pipeline);
                    execute(random.nextInt(8));
                }
                log.add("-- checked");
                check(pipeline, catalog);
            }
        }

        /** While the copy is on its way, everything goes on. */
        private void copyAgain(Pipeline pipeline) throws SQLException {
            List<TableId> some = new ArrayList<>();
            for (TableStatus table : pipeline.status().tables()) {
                if (random.nextInt(3) == 0 && exists(table.table())) {
                    some.add(table.table());
                }
            }
            if (!some.isEmpty()) {
                log.add("-- copied again: " + some);
                pipeline.resync(some);
            }
        }

        private void execute(int count) throws SQLException {
            try (FuzzSession one = session("one");
                    FuzzSession other = session("other")) {
                for (int i = 0; i < count; i++) {
                    (random.nextInt(4) == 0 ? other : one).step();
                    pause();
                }
                one.end();
                other.end();
                statements += one.done() + other.done();
            }
        }

        private FuzzSession session(String name) throws SQLException {
            return new FuzzSession(postgres.connect(), name, random, sql, log::add);
        }

        /** Sometimes statements follow each other at once, sometimes a look of the pipeline falls between them. */
        private void pause() {
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
            }
        }

        private void runAndKill() throws Exception {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            FuzzPipeline.class.getName(),
                            postgres.url(),
                            directory.toString(),
                            options.asText())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("child.log").toFile()))
                    .start();
            try {
                log.add("-- killed soon");
                execute(2 + random.nextInt(10));
                boolean ended = child.waitFor(random.nextInt(5_000), TimeUnit.MILLISECONDS);
                assertThat(ended)
                        .as(() -> "the pipeline ended by itself: " + childLog())
                        .isFalse();
            } finally {
                child.destroyForcibly().waitFor();
            }
            kills++;
            awaitFreeSlot();
        }

        private String childLog() {
            try {
                return Files.readString(directory.resolve("child.log"));
            } catch (IOException e) {
                return e.toString();
            }
        }

        private void awaitFreeSlot() throws Exception {
            await("free slot", () -> {
                try (Connection connection = postgres.connect();
                        Statement statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT 1 FROM pg_replication_slots WHERE active")) {
                    return rows.next() ? "active" : "";
                }
            });
        }

        private void check(Pipeline pipeline, JdbcCatalog catalog) throws Exception {
            await("every table equal or loud", () -> {
                catchUp(pipeline);
                return silentlyDifferent(pipeline, catalog);
            });
            List<TableId> heal = new ArrayList<>();
            for (TableStatus table : pipeline.status().tables()) {
                if (isLoud(table)) {
                    loud.merge(table.state() + " " + shortened(table.reason()), 1, Integer::sum);
                    log.add("-- " + table.table() + " " + table.state() + " " + table.reason());
                    if (exists(table.table())) {
                        heal.add(table.table());
                    }
                }
            }
            if (heal.isEmpty()) {
                return;
            }
            mend(heal);
            pipeline.resync(heal);
            await("healed " + heal, () -> {
                catchUp(pipeline);
                return notEqual(pipeline, catalog, heal);
            });
            log.add("-- healed " + heal);
        }

        /** What keeps a table from being mirrored at all, a person must mend. */
        private void mend(List<TableId> tables) throws SQLException {
            try (Connection connection = postgres.connect();
                    Statement statement = connection.createStatement()) {
                for (FuzzedTable table : FuzzedTable.all(connection)) {
                    if (tables.stream().anyMatch(t -> t.name().equals(table.name()))) {
                        for (String mending : table.mending()) {
                            statement.execute(mending);
                            log.add(mending + ";");
                        }
                    }
                }
            }
        }

        private static String shortened(String reason) {
            return reason.replaceAll("(public\\.)?t_\\w+|p_\\w+|column \\w+|[0-9A-F]+/[0-9A-F]+|\\d+", "*");
        }

        private boolean exists(TableId table) throws SQLException {
            try (Connection connection = postgres.connect()) {
                return FuzzedTable.all(connection).stream()
                        .anyMatch(t -> t.name().equals(table.name()));
            }
        }

        /** Held tables are no reason to wait: the caller looks at states. */
        private void catchUp(Pipeline pipeline) throws InterruptedException {
            try {
                pipeline.runUntilCaughtUp(Duration.ofSeconds(20));
            } catch (PhilotesException e) {
                assertThat(pipeline.status().state())
                        .as("the pipeline goes on; it said " + e.getMessage())
                        .isNotIn(PipelineState.FAILED, PipelineState.STOPPED);
            }
        }

        private static boolean isLoud(TableStatus table) {
            return table.state() == TableState.HELD
                    || table.state() == TableState.DIVERGED
                    || table.state() == TableState.NEEDS_RESYNC;
        }

        /** What differs although it says it follows; empty when nothing does. */
        private String silentlyDifferent(Pipeline pipeline, JdbcCatalog catalog) throws Exception {
            List<TableStatus> statuses = pipeline.status().tables();
            try (Connection connection = postgres.connect()) {
                for (FuzzedTable table : FuzzedTable.all(connection)) {
                    TableStatus status = statuses.stream()
                            .filter(s -> s.table().name().equals(table.name()))
                            .findFirst()
                            .orElse(null);
                    if (status == null) {
                        return table.name() + " is not known";
                    }
                    String difference = isLoud(status) ? "" : difference(connection, catalog, status.table());
                    if (!difference.isEmpty()) {
                        return status.state() + " " + difference;
                    }
                }
            }
            return "";
        }

        private String notEqual(Pipeline pipeline, JdbcCatalog catalog, List<TableId> tables) throws Exception {
            try (Connection connection = postgres.connect()) {
                for (TableStatus status : pipeline.status().tables()) {
                    if (tables.contains(status.table())) {
                        String difference = status.state() == TableState.STREAMING
                                ? difference(connection, catalog, status.table())
                                : status.state() + " " + status.reason();
                        if (!difference.isEmpty()) {
                            return status.table() + " " + difference;
                        }
                    }
                }
            }
            return "";
        }

        private String difference(Connection connection, JdbcCatalog catalog, TableId table) {
            try {
                Table target = catalog.loadTable(TableIdentifier.of(FuzzPipeline.NAMESPACE, table.name()));
                List<String> columns = FuzzedTable.all(connection).stream()
                        .filter(t -> t.name().equals(table.name()))
                        .flatMap(t -> t.columns().keySet().stream())
                        .toList();
                assertThat(target.schema().columns().stream().map(f -> f.name()).filter(f -> !f.startsWith("_cdc_")))
                        .as("columns of " + table)
                        .containsExactlyInAnyOrderElementsOf(columns);
                Mirror.assertEqual(connection, table, columns, target);
                return "";
            } catch (AssertionError | RuntimeException | SQLException e) {
                return table + ": " + e;
            }
        }

        private void await(String what, Question question) throws Exception {
            long deadline = System.nanoTime() + SOON.toNanos();
            String answer = question.ask();
            while (!answer.isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("seed " + seed + ", waiting for: " + what + ", but " + answer);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                answer = question.ask();
            }
        }
    }

    /** Asks for what is still wrong; empty when nothing is. */
    @FunctionalInterface
    private interface Question {
        String ask() throws Exception;
    }
}
