// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.PipelineDraft;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.checkpoint.postgres.PostgresCheckpointStore;
import io.philotes.model.TableId;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestDataSource;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Makes of {@link ChildOptions} what they describe: the same in the process that is hurt and in the one that looks after it. */
final class ChildParts {

    static final String NAMESPACE = "bank";

    private ChildParts() {}

    static JdbcCatalog catalog(ChildOptions options) {
        if (options.text("catalog").equals(ChildOptions.LOCAL_CATALOG)) {
            return LocalCatalog.open(options.directory().resolve("lake"));
        }
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize(
                "faults",
                Map.of(
                        "uri",
                        options.text("catalog"),
                        "jdbc.user",
                        "postgres",
                        "jdbc.password",
                        "postgres",
                        "jdbc.schema-version",
                        "V1",
                        "warehouse",
                        options.directory().resolve("lake").toString(),
                        "io-impl",
                        SwitchedFileIO.class.getName(),
                        SwitchedFileIO.SWITCH,
                        options.directory().resolve("read-only").toString()));
        return catalog;
    }

    static PipelineBuilder pipeline(ChildOptions options, JdbcCatalog catalog) {
        PostgresSource source = PostgresSource.builder(options.text("url"))
                .credentials("postgres", "postgres")
                .tables("public.*")
                .sslMode(SslMode.DISABLE)
                .maxBatchBytes(options.number("batchBytes"))
                .build();
        IcebergSink sink = IcebergSink.builder(catalog)
                .namespace(NAMESPACE)
                .formatVersion((int) options.number("format"))
                .table(TableId.parse("public.journal"), TableOptions.DEFAULTS.mode(WriteMode.APPEND))
                .build();
        PipelineDraft draft = Philotes.source(source)
                .name(options.text("name"))
                .commitInterval(Duration.ofMillis(options.number("commitMillis")))
                .retry(new RetryPolicy(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(options.number("retrySeconds"))));
        return buffered(draft, options).sink(sink);
    }

    private static PipelineDraft buffered(PipelineDraft draft, ChildOptions options) {
        return switch (options.text("buffer")) {
            case ChildOptions.MEMORY -> draft.buffer(MemoryBuffer.bounded(options.number("bufferBytes")));
            case ChildOptions.DISK ->
                draft.buffer(DiskBuffer.builder(options.bufferDirectory())
                                .segmentBytes(options.number("bufferBytes") / 64)
                                .limitBytes(options.number("bufferBytes"))
                                .build())
                        .checkpoints(FileCheckpointStore.at(options.checkpointDirectory()));
            case ChildOptions.POSTGRES -> {
                DataSource state = TestDataSource.of(options.text("state"), "postgres", "postgres");
                yield draft.buffer(PostgresBuffer.builder(state)
                                .segmentBytes(options.number("bufferBytes") / 64)
                                .limitBytes(options.number("bufferBytes"))
                                .build())
                        .checkpoints(PostgresCheckpointStore.of(state));
            }
            default -> throw new IllegalArgumentException("no buffer " + options.text("buffer"));
        };
    }
}
