// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

import io.philotes.Philotes;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * The JVM of the huge tests: follows tables, and for each line it reads it catches up and prints its figures; it ends with its
 * input.
 */
public final class HugeChild {

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final List<String> retries = new CopyOnWriteArrayList<>();

    private HugeChild() {}

    /**
     * Arguments: JDBC URL, directory, {@code memory} or {@code disk} or {@code memory-streaming}, pattern of the tables, seconds
     * between commits.
     */
    public static void main(String[] arguments) throws Exception {
        Duration interval = Duration.ofSeconds(Long.parseLong(arguments[4]));
        new HugeChild().run(arguments[0], Path.of(arguments[1]), arguments[2], arguments[3], interval);
    }

    private void run(String url, Path directory, String buffer, String tables, Duration interval) throws Exception {
        PostgresSourceBuilder source = PostgresSource.builder(url)
                .credentials("postgres", "postgres")
                .tables(tables)
                .sslMode(SslMode.DISABLE);
        if (buffer.endsWith("-streaming")) {
            source.streaming(directory.resolve("spool"));
        }
        long began = System.nanoTime();
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"));
                Pipeline pipeline = Philotes.source(source.build())
                        .name("huge_" + buffer)
                        .buffer(buffer(buffer, directory))
                        .checkpoints(FileCheckpointStore.at(directory.resolve("checkpoint")))
                        .commitInterval(interval)
                        .metrics(new PipelineMetrics() {
                            @Override
                            public void retried(String stage, String code) {
                                retries.add(stage + " " + code);
                            }
                        })
                        .sink(IcebergSink.builder(catalog)
                                .namespace("huge")
                                // On a machine that does other work too, the commit of millions of rows takes its time.
                                .commitTimeout(Duration.ofMinutes(10))
                                .build())
                        .start()) {
            System.out.printf("STARTED seconds=%.1f%n", (System.nanoTime() - began) / 1e9);
            pipeline.runUntilCaughtUp(PATIENCE);
            report("READY", began, pipeline);
            follow(pipeline);
        }
    }

    private static ChangeBuffer buffer(String kind, Path directory) throws Exception {
        Files.createDirectories(directory);
        return kind.equals("disk")
                ? DiskBuffer.at(directory.resolve("buffer"))
                : MemoryBuffer.bounded(8 << 20, directory);
    }

    private void follow(Pipeline pipeline) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            long began = System.nanoTime();
            pipeline.runUntilCaughtUp(PATIENCE);
            report("FOLLOWED", began, pipeline);
        }
    }

    private void report(String what, long since, Pipeline pipeline) {
        System.out.printf(
                "%s seconds=%.1f commits=%d retries=%s threads=%d heapMiB=%d%n",
                what,
                (System.nanoTime() - since) / 1e9,
                pipeline.status().commits(),
                retries,
                Thread.activeCount(),
                Runtime.getRuntime().maxMemory() >> 20);
    }
}
