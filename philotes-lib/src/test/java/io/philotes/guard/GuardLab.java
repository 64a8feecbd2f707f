// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.PipelineDraft;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.sink.Sink;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A pipeline of the table {@code items} that may be started again and again, at one server after the other. */
final class GuardLab implements AutoCloseable {

    static final TableId ITEMS = new TableId("public", "items");

    static final Duration LONG = Duration.ofSeconds(90);

    final JdbcCatalog catalog;
    private final Path directory;
    private final String buffer;
    private UnaryOperator<PostgresSourceBuilder> source = s -> s;
    private UnaryOperator<PipelineDraft> options = o -> o;

    GuardLab(Path directory, String buffer) {
        this.directory = directory;
        this.buffer = buffer;
        this.catalog = LocalCatalog.open(directory.resolve("lake"));
    }

    GuardLab source(UnaryOperator<PostgresSourceBuilder> change) {
        source = change;
        return this;
    }

    GuardLab options(UnaryOperator<PipelineDraft> change) {
        options = change;
        return this;
    }

    static void createItems(PostgresCluster server) throws SQLException {
        server.execute(
                "CREATE TABLE items (id int PRIMARY KEY, name text)",
                "INSERT INTO items SELECT i, 'first ' || i FROM generate_series(1, 100) i");
    }

    PipelineBuilder pipeline(String url) {
        return pipeline(url, IcebergSink.builder(catalog).namespace("lab").build());
    }

    PipelineBuilder pipeline(String url, Sink sink) {
        PostgresSourceBuilder postgres = PostgresSource.builder(url)
                .credentials("postgres", "postgres")
                .tables("public.items")
                .sslMode(SslMode.DISABLE);
        PipelineDraft draft = Philotes.source(source.apply(postgres).build())
                .name("guard")
                .commitInterval(Duration.ofMillis(100))
                .schemaLookInterval(Duration.ofSeconds(1))
                .heartbeatInterval(Duration.ofMillis(100))
                .retry(new RetryPolicy(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofMinutes(3)));
        if (buffer.equals("disk")) {
            draft.buffer(DiskBuffer.at(directory.resolve("buffer")))
                    .checkpoints(FileCheckpointStore.at(directory.resolve("checkpoint")));
        }
        if (buffer.equals("small")) {
            draft.buffer(MemoryBuffer.bounded(64 << 10));
        }
        return options.apply(draft).sink(sink);
    }

    Pipeline start(PostgresCluster server) {
        return pipeline(server.url()).start();
    }

    /** Mirrors everything that is in the server now, and stops. */
    void catchUp(PostgresCluster server) throws InterruptedException, SQLException {
        try (Pipeline pipeline = start(server)) {
            pipeline.runUntilCaughtUp(LONG);
        }
        assertEqual(server);
    }

    void assertEqual(PostgresCluster server) throws SQLException {
        try (Connection connection = server.connect()) {
            Mirror.assertEqual(connection, ITEMS, catalog.loadTable(TableIdentifier.of("lab", "items")));
        }
    }

    /** Starts, and waits for the end that must come. */
    PhilotesException failureOf(PostgresCluster server) {
        try (Pipeline pipeline = start(server)) {
            return failureOf(pipeline);
        } catch (PhilotesException e) {
            return e;
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nstored: " + stored(), e);
        }
    }

    private String stored() {
        return FileCheckpointStore.at(directory.resolve("checkpoint"))
                .load("guard")
                .map(Checkpoint::toString)
                .orElse("no checkpoint");
    }

    static PhilotesException failureOf(Pipeline pipeline) {
        try {
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> pipeline.status().state().isFinal());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no failure in time: " + pipeline.status() + threads(), e);
        }
        return pipeline.status().failure().orElseThrow(() -> new AssertionError("it ended in order"));
    }

    /** What each thread of the pipeline does. */
    private static String threads() {
        StringBuilder all = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (thread.getName().startsWith("philotes-")) {
                all.append('\n').append(thread);
                Arrays.stream(stack)
                        .limit(12)
                        .forEach(frame -> all.append("\n    ").append(frame));
            }
        });
        return all.toString();
    }

    /** Whether the mark that counts has gone beyond what the server showed at some time before. */
    static long counter(PostgresCluster server) throws SQLException {
        String comment = server.value("SELECT obj_description(oid, 'pg_publication') FROM pg_publication LIMIT 1");
        return comment == null ? 0 : Long.parseLong(comment.substring(comment.lastIndexOf(':') + 1));
    }

    void resyncAll(PostgresCluster server) {
        assertThat(pipeline(server.url()).markForResync(java.util.List.of())).containsExactly(ITEMS);
    }

    static void assertCode(PhilotesException failure, ErrorCode code) {
        assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
    }

    @Override
    public void close() {
        catalog.close();
    }
}
