// SPDX-License-Identifier: Apache-2.0
package io.philotes.crash;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.PipelineDraft;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.checkpoint.postgres.PostgresCheckpointStore;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** The process that the crash test kills: a pipeline of the ledger that commits all the time. */
public final class CrashChild {

    static final String NAMESPACE = "bank";

    /** Printed with every commit, so that the test can kill after some. */
    static final String COMMITTED = "COMMITTED";

    /** Commits between two copies of the table, where it is to be copied again and again. */
    private static final int COPY_EVERY = 3;

    private CrashChild() {}

    /** Arguments: JDBC URL, work directory, {@code disk}, {@code postgres} or {@code memory}, format version, {@code copies} or {@code stream}. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        boolean copies = arguments[4].equals("copies");
        Semaphore commits = new Semaphore(0);
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"));
                Pipeline pipeline = pipeline(arguments[0], directory, arguments[2], arguments[3], catalog)
                        .listener(new PipelineListener() {
                            @Override
                            public void committed(String pipeline, Lsn upTo, long rows) {
                                System.out.println(COMMITTED);
                                commits.release();
                            }
                        })
                        .start()) {
            while (copies) {
                commits.acquire(COPY_EVERY);
                pipeline.resync(List.of());
            }
            pipeline.awaitStopped();
        }
    }

    static PipelineBuilder pipeline(String url, Path directory, String buffer, String formatVersion, Catalog catalog) {
        PostgresSource source = PostgresSource.builder(url)
                .credentials("postgres", "postgres")
                .tables("public.ledger")
                .sslMode(SslMode.DISABLE)
                .build();
        IcebergSink sink = IcebergSink.builder(catalog)
                .namespace(NAMESPACE)
                .formatVersion(Integer.parseInt(formatVersion))
                .build();
        PipelineDraft draft = Philotes.source(source)
                .name("crash_" + buffer + "_v" + formatVersion)
                .commitInterval(Duration.ofMillis(150));
        if (buffer.equals("disk")) {
            draft.buffer(DiskBuffer.at(directory.resolve("buffer")))
                    .checkpoints(FileCheckpointStore.at(directory.resolve("checkpoint")));
        } else if (buffer.equals("postgres")) {
            // In the captured database, which the tables' schema allows: it is not published.
            DataSource state = TestDataSource.of(url, "postgres", "postgres");
            draft.buffer(PostgresBuffer.builder(state)
                            .segmentBytes(64 << 10)
                            .limitBytes(256 << 20)
                            .build())
                    .checkpoints(PostgresCheckpointStore.of(state));
        }
        return draft.sink(sink);
    }
}
