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
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.RowPolicy;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Makes of {@link ChildOptions} what they describe: the same in the process that is hurt and in the one that looks after it. */
final class ChildParts {

    private static final int MOST_LETTERS = 100_000;

    private ChildParts() {}

    static PipelineBuilder pipeline(ChildOptions options, JdbcCatalog catalog) {
        PostgresSource source = PostgresSource.builder(options.text("url"))
                .credentials("postgres", "postgres")
                .tables("public.*")
                .sslMode(SslMode.DISABLE)
                .maxBatchBytes(options.number("batchBytes"))
                .build();
        PipelineDraft draft = Philotes.source(source)
                .name(options.text("name"))
                .commitInterval(Duration.ofMillis(options.number("commitMillis")))
                .retry(new RetryPolicy(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(options.number("retrySeconds"))));
        if (!options.text("letters").equals("none")) {
            draft.rowPolicy(RowPolicy.DEAD_LETTER)
                    .deadLetters(FileDeadLetterQueue.at(options.lettersDirectory()))
                    .maxDeadLetters(MOST_LETTERS);
        }
        return ChildTargets.sinks(buffered(draft, options), options, catalog);
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
