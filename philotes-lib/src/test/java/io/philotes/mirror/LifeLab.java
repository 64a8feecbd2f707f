// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;

/** A database of its own, a catalog of its own, and pipelines between them. */
final class LifeLab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static int databases;

    private final TestPostgres postgres;
    private final String database = "lab" + ++databases;
    private final JdbcCatalog catalog;

    LifeLab(TestPostgres postgres, Path directory) throws Exception {
        this.postgres = postgres;
        this.catalog = LocalCatalog.open(directory.resolve("lake"));
        postgres.createDatabase(database);
        sql(
                "CREATE TABLE a (id int PRIMARY KEY, at timestamp)",
                "CREATE TABLE b (id int PRIMARY KEY, name text)",
                "INSERT INTO a SELECT i, '2026-01-01' FROM generate_series(1, 10) i",
                "INSERT INTO b SELECT i, 'b' || i FROM generate_series(1, 10) i");
    }

    void sql(String... statements) throws Exception {
        postgres.executeIn(database, statements);
    }

    Connection connect() throws Exception {
        return postgres.connect(database);
    }

    /** Something to do that may fail in any way. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Does it while a transaction with an xid is open: no snapshot is exported meanwhile. */
    void duringLongTransaction(Work work) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            work.run();
        }
    }

    String url() {
        return postgres.url(database);
    }

    PipelineBuilder pipeline(String... tables) {
        return pipeline(source(tables).build());
    }

    /** One whose publication a person keeps. */
    PipelineBuilder pipelineOf(String publication, String... tables) {
        return pipeline(source(tables).existingPublication(publication).build());
    }

    private PostgresSourceBuilder source(String... tables) {
        return PostgresSource.builder(postgres.url(database))
                .credentials("postgres", "postgres")
                .tables(tables)
                .sslMode(SslMode.DISABLE);
    }

    private PipelineBuilder pipeline(PostgresSource source) {
        return Philotes.source(source)
                .name(database)
                .commitInterval(Duration.ofMillis(200))
                .schemaLookInterval(Duration.ofMillis(300))
                .sink(IcebergSink.builder(catalog).namespace("life").build());
    }

    Table target(String table) {
        return catalog.loadTable(TableIdentifier.of("life", table));
    }

    void assertMirrored(String table) throws Exception {
        try (Connection source = connect()) {
            Mirror.assertEqual(source, id(table), target(table));
        }
    }

    static TableId id(String table) {
        return new TableId("public", table);
    }

    static TableStatus table(Pipeline pipeline, String name) {
        return pipeline.status().tables().stream()
                .filter(t -> t.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static void awaitState(Pipeline pipeline, String table, TableState state) {
        await(() -> assertThat(table(pipeline, table).state()).isEqualTo(state));
    }

    static void await(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
    }

    @Override
    public void close() {
        catalog.close();
    }
}
