// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import io.philotes.Philotes;
import io.philotes.PipelineDraft;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.ChangeEvent;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.SinkStatus;
import io.philotes.sink.Sink;
import io.philotes.sink.Sinks;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;

/** One database, several lakes with a catalog and a warehouse each, and a consumer that remembers what it heard. */
final class SinksLab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String NAMESPACE = "sinks";

    private static int databases;

    final Set<Long> heard = new ConcurrentSkipListSet<>();

    private final TestPostgres server;
    private final String database = "sinks" + ++databases;
    private final Path directory;
    private final Map<String, JdbcCatalog> catalogs = new HashMap<>();
    private final Connection connection;

    SinksLab(TestPostgres server, Path directory) throws Exception {
        this.server = server;
        this.directory = directory.resolve(database);
        server.createDatabase(database);
        connection = server.connect(database);
        sql("CREATE TABLE items (id bigint PRIMARY KEY, name text)");
    }

    void sql(String... statements) throws Exception {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Rows with these ids, and an update of each. */
    void write(int from, int to) throws Exception {
        sql(
                "INSERT INTO items SELECT i, 'new' FROM generate_series(" + from + ", " + to + ") i",
                "UPDATE items SET name = 'n' || id WHERE id BETWEEN " + from + " AND " + to);
    }

    PipelineDraft draft() {
        PostgresSource source = PostgresSource.builder(server.url(database))
                .credentials("postgres", "postgres")
                .tables("public.*")
                .sslMode(SslMode.DISABLE)
                .build();
        return Philotes.source(source)
                .name(database)
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .retry(new RetryPolicy(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMinutes(10)))
                .commitInterval(Duration.ofMillis(200))
                .heartbeatInterval(Duration.ofMillis(500))
                .schemaLookInterval(Duration.ofMillis(300));
    }

    private JdbcCatalog catalog(String lake) {
        return catalogs.computeIfAbsent(lake, name -> LocalCatalog.open(directory.resolve(name)));
    }

    Sink lake(String lake) {
        return IcebergSink.builder(catalog(lake)).namespace(NAMESPACE).build();
    }

    Sink audit() {
        return Sinks.forEach(change -> {
            if (change instanceof ChangeEvent.Insert insert) {
                heard.add(insert.row().longValue("id"));
            }
        });
    }

    void assertMirrored(String lake) throws Exception {
        assertMirrored(lake, "items");
    }

    void assertMirrored(String lake, String table) throws Exception {
        Mirror.assertEqual(
                connection,
                new TableId("public", table),
                catalog(lake).loadTable(TableIdentifier.of(NAMESPACE, table)));
    }

    void awaitMirrored(String lake) {
        await(() -> assertMirrored(lake));
    }

    static SinkStatus sink(Pipeline pipeline, String name) {
        return pipeline.status().sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static void await(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        catalogs.values().forEach(JdbcCatalog::close);
    }
}
