// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

import io.philotes.Philotes;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;

/**
 * The small JVM of the scale test: copies, says so, holds still until it reads a byte from its input, follows, and prints
 * its figures.
 */
public final class ScaleChild {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ScaleChild() {}

    /** Arguments: JDBC URL, lake directory. */
    public static void main(String[] arguments) throws Exception {
        PostgresSource source = PostgresSource.builder(arguments[0])
                .credentials("postgres", "postgres")
                .tables("public.big")
                .sslMode(SslMode.DISABLE)
                .build();
        try (JdbcCatalog catalog = LocalCatalog.open(Path.of(arguments[1]))) {
            IcebergSink sink = IcebergSink.builder(catalog).namespace("scale").build();
            long began = System.nanoTime();
            try (Pipeline pipeline = Philotes.source(source)
                    .name("scale")
                    .commitInterval(Duration.ofSeconds(2))
                    .sink(sink)
                    .start()) {
                copy(pipeline, began);
                follow(pipeline);
            }
        }
    }

    private static void copy(Pipeline pipeline, long began) throws Exception {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        pipeline.status().state().isFinal() || pipeline.status().state() == PipelineState.RUNNING);
        pipeline.pause();
        report("COPIED", began, pipeline);
        if (System.in.read() < 0) {
            throw new IllegalStateException("the parent is gone");
        }
    }

    private static void follow(Pipeline pipeline) throws InterruptedException {
        long began = System.nanoTime();
        pipeline.resume();
        pipeline.runUntilCaughtUp(PATIENCE);
        report("FOLLOWED", began, pipeline);
    }

    private static void report(String what, long since, Pipeline pipeline) {
        System.out.printf(
                "%s seconds=%.1f state=%s commits=%d heapMiB=%d%n",
                what,
                (System.nanoTime() - since) / 1e9,
                pipeline.status().state(),
                pipeline.status().commits(),
                Runtime.getRuntime().maxMemory() >> 20);
    }
}
