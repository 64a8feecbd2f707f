// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import io.philotes.Philotes;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.RowPolicy;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** A pipeline of {@code prices(id, note, amount numeric)} and {@code items} whose amounts may not fit; also as a process. */
final class LetterPipeline {

    static final String NARROW = "decimal(10,2)";
    static final String WIDE = "decimal(20,2)";
    static final TableId PRICES = new TableId("public", "prices");
    static final TableId ITEMS = new TableId("public", "items");

    static final DeadLetterFilter OPEN = DeadLetterFilter.ALL.in(DeadLetterState.BLOCKING);

    private LetterPipeline() {}

    static JdbcCatalog catalog(Path directory) {
        return LocalCatalog.open(directory.resolve("lake"));
    }

    static Pipeline start(String url, Path directory, JdbcCatalog catalog, String type, PipelineListener listener) {
        PostgresSource source = PostgresSource.builder(url)
                .credentials("postgres", "postgres")
                .tables("public.prices", "public.items")
                .sslMode(SslMode.DISABLE)
                .build();
        return Philotes.source(source)
                .name("prices")
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .commitInterval(Duration.ofMillis(300))
                .listener(listener)
                .rowPolicy(RowPolicy.DEAD_LETTER)
                .deadLetters(queue(directory))
                .sink(IcebergSink.builder(catalog)
                        .namespace("shop")
                        .table(PRICES, TableOptions.DEFAULTS.type("amount", type))
                        .build())
                .start();
    }

    private static DeadLetterQueue queue(Path directory) {
        return FileDeadLetterQueue.at(directory.resolve("letters"));
    }

    static TableStatus prices(Pipeline pipeline) {
        return pipeline.status().sinks().get(0).tables().stream()
                .filter(t -> t.table().equals(PRICES))
                .findFirst()
                .orElseThrow();
    }

    /** Moves every open letter, as another process does; returns how many moved. */
    static int move(Path directory, DeadLetterMove move) {
        try (DeadLetterQueue queue = queue(directory)) {
            queue.open("prices");
            List<DeadLetter.Id> all = queue.list(OPEN, Optional.empty(), 1000).stream()
                    .map(DeadLetter::id)
                    .toList();
            return all.isEmpty() ? 0 : queue.move(all, move).size();
        }
    }

    /** Runs until it is killed, and says each state and, with every commit, COMMITTED; arguments: URL and directory. */
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[1]);
        PipelineListener told = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                System.out.println(to);
            }

            @Override
            public void committed(String pipeline, Lsn upTo, long rows) {
                System.out.println("COMMITTED " + upTo);
            }
        };
        start(arguments[0], directory, catalog(directory), NARROW, told).awaitStopped();
    }
}
