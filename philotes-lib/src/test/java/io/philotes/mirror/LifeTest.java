// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.sink.iceberg.local.LocalFileIO;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The life of a pipeline with nothing named but source and sink: buffer in memory, checkpoints in the lake. */
class LifeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static int databases;
    private static TestPostgres postgres;

    @TempDir
    Path directory;

    private String database;
    private JdbcCatalog catalog;

    @BeforeAll
    static void startPostgres() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (postgres != null) {
            postgres.execute("CHECKPOINT");
            postgres.close();
        }
    }

    @BeforeEach
    void create(TestInfo test) throws Exception {
        database = "life" + ++databases;
        postgres.createDatabase(database);
        sql(
                "CREATE TABLE a (id int PRIMARY KEY, at timestamp)",
                "CREATE TABLE b (id int PRIMARY KEY, name text)",
                "INSERT INTO a SELECT i, '2026-01-01' FROM generate_series(1, 10) i",
                "INSERT INTO b SELECT i, 'b' || i FROM generate_series(1, 10) i");
        catalog = LocalCatalog.open(directory.resolve("lake"));
    }

    @AfterEach
    void closeCatalog() throws Exception {
        catalog.close();
    }

    private void sql(String... statements) throws Exception {
        postgres.executeIn(database, statements);
    }

    private PipelineBuilder pipeline(String... tables) {
        PostgresSource source = PostgresSource.builder(postgres.url(database))
                .credentials("postgres", "postgres")
                .tables(tables)
                .sslMode(SslMode.DISABLE)
                .build();
        IcebergSink sink = IcebergSink.builder(catalog).namespace("life").build();
        return Philotes.source(source)
                .name(database)
                .commitInterval(Duration.ofMillis(200))
                .sink(sink);
    }

    private void assertMirrored(String table) throws Exception {
        try (Connection source = postgres.connect(database)) {
            Mirror.assertEqual(
                    source, new TableId("public", table), catalog.loadTable(TableIdentifier.of("life", table)));
        }
    }

    private static void awaitState(Pipeline pipeline, PipelineState state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.status().state()).isEqualTo(state));
    }

    private static TableStatus table(PipelineStatus status, String name) {
        return status.tables().stream()
                .filter(t -> t.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private int slots() throws Exception {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void it_copies_follows_and_goes_on_where_it_stopped() throws Exception {
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            sql("INSERT INTO b VALUES (11, 'eleven')", "DELETE FROM a WHERE id < 5");
            pipeline.runUntilCaughtUp(PATIENCE);
            assertMirrored("a");
            assertMirrored("b");
        }
        sql("UPDATE b SET name = 'while down'", "INSERT INTO a VALUES (99, NULL)");
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            assertMirrored("a");
            assertMirrored("b");
            assertThat(table(pipeline.status(), "b").copiedRows())
                    .as("not copied again")
                    .isZero();
        }
    }

    @Test
    void a_table_that_is_named_later_is_copied_and_joins() throws Exception {
        try (Pipeline pipeline = pipeline("public.a").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        sql("INSERT INTO a VALUES (50, NULL)", "INSERT INTO b VALUES (50, 'before')");
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            sql("UPDATE b SET name = 'after' WHERE id = 50");
            pipeline.runUntilCaughtUp(PATIENCE);
            assertMirrored("a");
            assertMirrored("b");
        }
    }

    @Test
    void a_value_that_iceberg_cannot_hold_holds_its_table_and_no_other() throws Exception {
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            sql("INSERT INTO a VALUES (100, 'infinity')", "INSERT INTO b VALUES (100, 'goes on')");
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(PATIENCE))
                    .isInstanceOf(PhilotesException.class)
                    .hasMessageContaining("PHI-6001")
                    .hasMessageContaining("public.a")
                    .hasMessageContaining("at");
            assertMirrored("b");
            assertThat(table(pipeline.status(), "a").state()).isEqualTo(TableState.HELD);
            sql("UPDATE b SET name = 'still going on' WHERE id = 100");
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(PATIENCE)).isInstanceOf(PhilotesException.class);
            assertMirrored("b");
        }
        try (Connection source = postgres.connect(database)) {
            assertThat(Mirror.rows(source, new TableId("public", "a"), List.of("id")))
                    .hasSize(11);
        }
    }

    @Test
    void a_held_table_is_healed_by_taking_it_out_and_putting_it_back() throws Exception {
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            sql("INSERT INTO a VALUES (100, 'infinity')");
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(PATIENCE)).isInstanceOf(PhilotesException.class);
        }
        sql("UPDATE a SET at = '2026-02-02' WHERE id = 100");
        try (Pipeline pipeline = pipeline("public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            sql("INSERT INTO a VALUES (101, '2026-03-03')");
            pipeline.runUntilCaughtUp(PATIENCE);
            assertMirrored("a");
            assertMirrored("b");
            assertThat(table(pipeline.status(), "a").state()).isEqualTo(TableState.STREAMING);
        }
    }

    @Test
    void a_table_that_was_dropped_and_created_again_while_down_is_not_taken_for_the_old_one() throws Exception {
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        sql("DROP TABLE b", "CREATE TABLE b (id int PRIMARY KEY, name text)", "INSERT INTO b VALUES (1, 'another')");
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(PATIENCE)).hasMessageContaining("PHI-6001");
            assertThat(table(pipeline.status(), "b").state()).isEqualTo(TableState.NEEDS_RESYNC);
        }
    }

    @Test
    void a_table_that_is_dropped_and_created_again_while_running_is_noticed() throws Exception {
        PipelineBuilder builder = pipeline("public.a", "public.b").heartbeatInterval(Duration.ofMillis(300));
        try (Pipeline pipeline = builder.start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            sql(
                    "BEGIN; DROP TABLE b; CREATE TABLE b (id int PRIMARY KEY, name text); INSERT INTO b VALUES (1, 'x'); COMMIT");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(table(pipeline.status(), "b").state()).isEqualTo(TableState.NEEDS_RESYNC));
            sql("INSERT INTO a VALUES (77, NULL)");
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(PATIENCE))
                    .hasMessageContaining("PHI-6001")
                    .hasMessageContaining("table=public.b");
            assertMirrored("a");
        }
    }

    @Test
    void a_table_that_was_out_of_the_publication_for_a_while_must_be_copied_again() throws Exception {
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        sql("ALTER PUBLICATION philotes_" + database + " DROP TABLE b", "INSERT INTO b VALUES (500, 'never told')");
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(PATIENCE)).hasMessageContaining("PHI-6001");
            assertThat(table(pipeline.status(), "b").reason()).contains("out of the publication");
            assertMirrored("a");
        }
    }

    @Test
    void a_second_instance_stands_by_and_takes_over() throws Exception {
        Pipeline first = pipeline("public.b").start();
        first.runUntilCaughtUp(PATIENCE);
        try (Pipeline second = pipeline("public.b").start()) {
            awaitState(second, PipelineState.STANDBY);
            sql("INSERT INTO b VALUES (20, 'by the first')");
            first.runUntilCaughtUp(PATIENCE);
            first.close();
            awaitState(second, PipelineState.RUNNING);
            sql("INSERT INTO b VALUES (21, 'by the second')");
            second.runUntilCaughtUp(PATIENCE);
            assertMirrored("b");
        }
    }

    @Test
    void a_cut_connection_is_opened_again_and_nothing_is_lost() throws Exception {
        try (Pipeline pipeline = pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            for (int i = 0; i < 3; i++) {
                sql(
                        "INSERT INTO b SELECT 1000 + " + i + " * 1000 + i, 'cut' FROM generate_series(1, 500) i",
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database ="
                                + " current_database() AND active",
                        "UPDATE b SET name = 'cut " + i + "' WHERE id % 7 = " + i);
                awaitState(pipeline, PipelineState.RUNNING);
            }
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                pipeline.runUntilCaughtUp(PATIENCE);
                assertMirrored("b");
            });
        }
    }

    @Test
    void a_pause_holds_still_and_a_resume_goes_on() throws Exception {
        try (Pipeline pipeline = pipeline("public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            pipeline.pause();
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.PAUSED);
            sql("INSERT INTO b VALUES (30, 'paused')");
            pipeline.resume();
            pipeline.runUntilCaughtUp(PATIENCE);
            assertMirrored("b");
        }
    }

    @Test
    void a_transaction_larger_than_the_buffer_passes_in_parts() throws Exception {
        sql("CREATE TABLE large (id int PRIMARY KEY, pad text)");
        PipelineBuilder builder = pipeline("public.large").buffer(MemoryBuffer.bounded(1 << 20));
        try (Pipeline pipeline = builder.start()) {
            awaitState(pipeline, PipelineState.RUNNING);
            sql("INSERT INTO large SELECT i, repeat('x', 100) FROM generate_series(1, 50000) i");
            sql("DELETE FROM large WHERE id % 3 = 0");
            pipeline.runUntilCaughtUp(PATIENCE);
            assertMirrored("large");
        }
    }

    @Test
    void a_failed_preflight_names_the_cause_and_leaves_nothing_behind() throws Exception {
        sql("CREATE TABLE keyless (x int)");
        assertThatThrownBy(() -> pipeline("public.keyless").start())
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_IDENTITY));
        assertThatThrownBy(() -> pipeline("public.nowhere").start())
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_MISSING));
        Path notADirectory = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> pipelineInto(notADirectory).start())
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAREHOUSE_READ_ONLY));
        assertThat(slots()).isZero();
        assertThat(catalog.listNamespaces()).isEmpty();
    }

    /** A catalog whose files would have to go where no file can. */
    private PipelineBuilder pipelineInto(Path warehouse) {
        JdbcCatalog broken = new JdbcCatalog();
        broken.initialize(
                "philotes",
                Map.of(
                        "uri",
                        "jdbc:sqlite:" + directory.resolve("broken.db"),
                        "warehouse",
                        warehouse.resolve("warehouse").toString(),
                        "jdbc.schema-version",
                        "V1",
                        "io-impl",
                        LocalFileIO.class.getName()));
        PostgresSource source = PostgresSource.builder(postgres.url(database))
                .credentials("postgres", "postgres")
                .tables("public.a")
                .sslMode(SslMode.DISABLE)
                .build();
        return Philotes.source(source)
                .name(database)
                .sink(IcebergSink.builder(broken).namespace("life").build());
    }
}
