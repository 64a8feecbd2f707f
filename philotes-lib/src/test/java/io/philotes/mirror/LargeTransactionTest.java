// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A transaction that is written to the table while it comes, and is complete or not there at all, whatever happens to its stream. */
class LargeTransactionTest {

    private static final TableId TABLE = new TableId("public", "t");

    /** More than what is held back before parts are handed out, less than the transaction has. */
    private static final long CUT_AT_BYTES = 20 << 20;

    @TempDir
    Path directory;

    /** Breaks the stream, by the capture thread itself, once so many bytes have gone into the buffer. */
    private static final class CuttingMetrics implements PipelineMetrics {

        private final TestPostgres server;
        private final List<String> retried = new CopyOnWriteArrayList<>();
        private long bytesLeft = Long.MAX_VALUE;

        CuttingMetrics(TestPostgres server) {
            this.server = server;
        }

        synchronized void cutAfter(long bytes) {
            bytesLeft = bytes;
        }

        @Override
        public synchronized void received(ChangeBatch batch, Duration behind) {
            bytesLeft -= batch.length();
            if (bytesLeft <= 0) {
                bytesLeft = Long.MAX_VALUE;
                try {
                    server.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void retried(String phase, String code) {
            retried.add(phase);
        }
    }

    @ParameterizedTest
    @CsvSource({"memory, 17", "disk, 17", "disk, 14"})
    void a_stream_that_breaks_inside_of_it_costs_nothing_but_time(String kind, int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version);
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"));
                Connection connection = server.connect()) {
            server.execute("CREATE TABLE t (id bigint PRIMARY KEY, v text)", "INSERT INTO t VALUES (0, 'first')");
            CuttingMetrics metrics = new CuttingMetrics(server);
            try (Pipeline pipeline = pipeline(server, catalog, buffer(kind), metrics)) {
                MirrorLab.settle(pipeline);
                metrics.cutAfter(CUT_AT_BYTES);
                server.execute(
                        "INSERT INTO t VALUES (1, 'just before')",
                        "BEGIN; INSERT INTO t SELECT i, repeat(md5(i::text), 60) FROM generate_series(10, 16000) i;"
                                + " SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; UPDATE t SET v = 'x' WHERE id % 100 = 7;"
                                + " COMMIT",
                        "DELETE FROM t WHERE id = 1");
                MirrorLab.settle(pipeline);
                Mirror.assertEqual(connection, TABLE, catalog.loadTable(TableIdentifier.of("lab", "t")));
                assertThat(metrics.retried).as("the sink began anew").contains("write");
            }
        }
    }

    private ChangeBuffer buffer(String kind) {
        return kind.equals("memory")
                ? MemoryBuffer.bounded(16 << 20, directory)
                : DiskBuffer.at(directory.resolve("buffer"));
    }

    private Pipeline pipeline(TestPostgres server, JdbcCatalog catalog, ChangeBuffer buffer, PipelineMetrics metrics) {
        PostgresSource source = PostgresSource.builder(server.url())
                .credentials("postgres", "postgres")
                .tables("public.t")
                .sslMode(SslMode.DISABLE)
                .build();
        return Philotes.source(source)
                .name("large")
                .buffer(buffer)
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .commitInterval(Duration.ofMillis(200))
                .metrics(metrics)
                .sink(IcebergSink.builder(catalog).namespace("lab").build())
                .start();
    }
}
