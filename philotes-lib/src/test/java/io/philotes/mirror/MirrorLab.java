// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Lake;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;

/** One database with one pipeline into a lake of its own. Targets are found by the source's oid, columns by attnum. */
final class MirrorLab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final String NAMESPACE = "lab";

    private final TestPostgres server;
    private final String database;
    private final Path directory;
    private final JdbcCatalog catalog;
    private final Connection connection;

    MirrorLab(TestPostgres server, String database, Path directory) throws Exception {
        this.server = server;
        this.database = database;
        this.directory = directory;
        server.createDatabase(database);
        catalog = LocalCatalog.open(directory.resolve("lake"));
        connection = server.connect(database);
    }

    void sql(String... statements) throws Exception {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String database() {
        return database;
    }

    JdbcCatalog catalog() {
        return catalog;
    }

    PostgresSourceBuilder source(String... tables) {
        return PostgresSource.builder(server.url(database))
                .credentials("postgres", "postgres")
                .tables(tables)
                .sslMode(SslMode.DISABLE);
    }

    PipelineBuilder pipeline(String... tables) {
        return pipeline(source(tables), sink -> sink);
    }

    PipelineBuilder pipeline(PostgresSourceBuilder source, UnaryOperator<IcebergSinkBuilder> options) {
        return Philotes.source(source.build())
                .name(database)
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .commitInterval(Duration.ofMillis(300))
                .heartbeatInterval(Duration.ofMillis(500))
                .schemaLookInterval(Duration.ofMillis(500))
                .sink(options.apply(IcebergSink.builder(catalog).namespace(NAMESPACE))
                        .build());
    }

    /** Waits until the pipeline streams, and then until every table that follows has everything. */
    static void settle(Pipeline pipeline) throws InterruptedException {
        awaitRunning(pipeline);
        pipeline.runUntilCaughtUp(PATIENCE);
    }

    static void awaitRunning(Pipeline pipeline) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.RUNNING
                        || pipeline.status().state().isFinal());
        assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
    }

    static TableStatus status(Pipeline pipeline, TableId table) {
        return pipeline.status().tables().stream()
                .filter(t -> t.table().equals(table))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no status of " + table));
    }

    /** Fails unless the target holds exactly the source's rows in every column that is neither dropped nor generated. */
    void assertMirrored(TableId table) throws Exception {
        assertMirrored(table, "attgenerated = ''");
    }

    /** Fails unless the target holds exactly the source's rows in the columns of these attnums. */
    void assertMirrored(TableId table, Integer... attnums) throws Exception {
        assertMirrored(
                table,
                "attnum IN (" + Arrays.stream(attnums).map(String::valueOf).collect(Collectors.joining(",")) + ")");
    }

    private void assertMirrored(TableId table, String which) throws Exception {
        Map<Integer, String> source = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT attnum, attname FROM pg_attribute WHERE attrelid = "
                        + oid(table) + "::oid AND attnum > 0 AND NOT attisdropped AND " + which)) {
            while (rows.next()) {
                source.put(rows.getInt(1), rows.getString(2));
            }
            assertEqual(table, source);
        }
    }

    private void assertEqual(TableId table, Map<Integer, String> columns) throws Exception {
        Table target = target(table).orElseThrow(() -> new AssertionError("no target of " + table));
        Map<Integer, String> names = targetColumns(target);
        assertThat(names.keySet()).as("columns of %s", table).containsAll(columns.keySet());
        List<String> targetNames = columns.keySet().stream().map(names::get).toList();
        assertThat(Lake.rows(target, targetNames))
                .as("rows of %s", table)
                .containsExactlyInAnyOrderElementsOf(Mirror.rows(connection, table, List.copyOf(columns.values())));
    }

    /** The target's rows as text, in these columns of the target. */
    List<List<String>> rows(TableId table, List<String> columns) throws Exception {
        return Lake.rows(target(table).orElseThrow(), columns);
    }

    /** What a query of the source gives, as text. */
    List<List<String>> sourceRows(String query) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<List<String>> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getString(i));
                }
                all.add(row);
            }
            return all;
        }
    }

    /** The target's columns by the attnum of their source. */
    static Map<Integer, String> targetColumns(Table target) throws Exception {
        Map<Integer, Integer> fieldIds = new ObjectMapper()
                .readValue(target.properties().get("philotes.columns"), new TypeReference<Map<Integer, Integer>>() {});
        Map<Integer, String> names = new TreeMap<>();
        fieldIds.forEach((attnum, id) -> names.put(attnum, target.schema().findColumnName(id)));
        return names;
    }

    /** The only target that holds the table's rows; empty when there is none. */
    Optional<Table> target(TableId table) throws Exception {
        String oid = oid(table);
        List<Table> found = targets().stream()
                .filter(t -> oid.equals(t.properties().get("philotes.source-oid")))
                .toList();
        assertThat(found).as("targets of %s", table).hasSizeLessThan(2);
        return found.stream().findFirst();
    }

    List<Table> targets() {
        if (!catalog.namespaceExists(Namespace.of(NAMESPACE))) {
            return List.of();
        }
        List<Table> tables = new ArrayList<>();
        catalog.listTables(Namespace.of(NAMESPACE)).forEach(name -> tables.add(catalog.loadTable(name)));
        return tables;
    }

    private String oid(TableId table) throws Exception {
        return value("SELECT '" + table.toSql().replace("'", "''") + "'::regclass::oid::text");
    }

    String value(String query) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        catalog.close();
    }
}
