// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.benchmarks.lake.DirectoryCopy;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.TablePicture;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** The Iceberg sink with its defaults over a local catalog, with one empty table. For one thread. */
final class OpenSink implements AutoCloseable {

    private final Path directory;
    private final JdbcCatalog catalog;
    private final IcebergSink sink;

    OpenSink() {
        try {
            directory = Files.createTempDirectory("sink-benchmark-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        catalog = LocalCatalog.open(directory);
        sink = IcebergSink.builder(catalog).namespace("benchmark").build();
        sink.open(new SinkContext("benchmark", "benchmark-id", 1, Clock.systemUTC(), PipelineMetrics.NONE));
        try (TableLoad load = sink.load(TablePicture.of(WireRows.RELATION), new Lsn(1))) {
            load.commit();
        }
    }

    void write(ChangeBatch batch) throws InterruptedException {
        sink.write(batch);
    }

    void commit(Lsn upTo) throws InterruptedException {
        sink.commit(upTo).toCompletableFuture().join();
    }

    @Override
    public void close() {
        sink.close();
        catalog.close();
        DirectoryCopy.remove(directory);
    }
}
