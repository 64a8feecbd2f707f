// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.PipelineDraft;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.sink.iceberg.CompactionOptions;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** The pipeline that is fuzzed, in this process or in one that is killed. */
public final class FuzzPipeline {

    static final String NAMESPACE = "fuzz";

    private FuzzPipeline() {}

    /** Arguments: JDBC URL, work directory, options. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"));
                Pipeline pipeline = of(arguments[0], directory, FuzzOptions.parse(arguments[2]), catalog)
                        .listener(new PipelineListener() {
                            @Override
                            public void committed(String pipeline, Lsn upTo, long rows) {
                                System.out.println("committed");
                            }
                        })
                        .start()) {
            pipeline.awaitStopped();
        }
    }

    static PipelineBuilder of(String url, Path directory, FuzzOptions options, Catalog catalog) {
        PostgresSourceBuilder source = PostgresSource.builder(url)
                .credentials("postgres", "postgres")
                .tables("public.t_*")
                .sslMode(SslMode.DISABLE);
        if (options.streaming()) {
            source.streaming(directory.resolve("open"));
        }
        PipelineDraft draft = Philotes.source(source.build())
                .name("fuzz")
                .commitInterval(Duration.ofMillis(100))
                .schemaLookInterval(Duration.ofMillis(500));
        if (options.disk()) {
            draft.buffer(DiskBuffer.at(directory.resolve("buffer")))
                    .checkpoints(FileCheckpointStore.at(directory.resolve("checkpoint")));
        }
        return draft.sink(sink(options, catalog));
    }

    private static IcebergSink sink(FuzzOptions options, Catalog catalog) {
        IcebergSinkBuilder sink =
                IcebergSink.builder(catalog).namespace(NAMESPACE).formatVersion(options.formatVersion());
        if (options.softDelete()) {
            sink.withSoftDelete();
        }
        if (options.compacts()) {
            sink.compaction(CompactionOptions.DEFAULT
                    .withMinFiles(2)
                    .withMinDeletedRows(1)
                    .withDeletedFraction(0.05)
                    .withCpuShare(1));
        }
        return sink.build();
    }
}
