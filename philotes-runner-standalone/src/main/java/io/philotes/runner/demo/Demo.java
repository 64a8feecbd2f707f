// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One demo from beginning to end. Run by one thread; {@link #close} may come from any, to break it off. */
public final class Demo implements AutoCloseable {

    private final DemoOptions options;
    private final DemoScreen screen;
    private final Path lakeDirectory;
    private final LagSamples lag = new LagSamples();
    private final DemoCounters counters = new DemoCounters(lag);
    private final CountDownLatch closed = new CountDownLatch(1);
    private DemoPostgres postgres;
    private ShopWriter writer;
    private DemoPipeline pipeline;

    /** @param out where people look: not where the JSON goes */
    public Demo(DemoOptions options, Terminal terminal, PrintWriter out, Paint paint) {
        this.options = options;
        this.lakeDirectory = DemoPipeline.lake(options);
        this.screen = new DemoScreen(terminal, out, paint, lakeDirectory);
    }

    /**
     * Runs it all: source, pipeline, changes, restart, comparison.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when the directory is not empty; SOURCE_UNREACHABLE where PostgreSQL
     *     cannot run; whatever the pipeline fails with
     */
    public DemoResult run() throws InterruptedException {
        requireEmpty(options.directory());
        try {
            begin();
            watch();
            screen.say("The shop rests; waiting until the lake has caught up ...");
            writer.stop();
            requireWriter();
            pipeline.catchUp();
            pipeline.close();
            return proof();
        } catch (SQLException e) {
            throw new PhilotesException(ErrorCode.SOURCE_QUERY, "Cannot run the demo: " + e.getMessage(), e);
        }
    }

    private static void requireEmpty(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    if (files.findAny().isPresent()) {
                        throw new PhilotesException(
                                        ErrorCode.INVALID_CONFIGURATION,
                                        "Cannot use the directory " + directory + ": it is not empty")
                                .hinting("name a new directory with --directory");
                    }
                }
            }
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new PhilotesException(
                    ErrorCode.WAREHOUSE_READ_ONLY, "Cannot use the directory " + directory + ": " + e, e);
        }
    }

    private void begin() throws SQLException {
        screen.say("Starting PostgreSQL 17, with a small shop in it ...");
        synchronized (this) {
            requireOpen();
            postgres = DemoPostgres.start();
        }
        try (Connection connection = postgres.connect()) {
            Shop.create(connection);
        }
        writer = new ShopWriter(postgres, lag, Duration.ofSeconds(options.seconds()));
        writer.start();
        screen.say("Mirroring it into Iceberg tables (format version " + options.formatVersion() + ") under "
                + lakeDirectory + ", while it changes ...");
        synchronized (this) {
            requireOpen();
            pipeline = new DemoPipeline(postgres, options, counters);
            pipeline.start();
        }
    }

    private void requireOpen() {
        if (closed.getCount() == 0) {
            throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot go on with the demo: it was broken off");
        }
    }

    private void watch() throws InterruptedException {
        int half = options.seconds() / 2;
        for (int second = 1; second <= options.seconds(); second++) {
            if (closed.await(1, TimeUnit.SECONDS)) {
                requireOpen();
            }
            requireRunning();
            if (second == half) {
                screen.say("Stopping the pipeline and starting it again, while the shop goes on ...");
                pipeline.restart();
            }
            screen.show(second, options.seconds(), pipeline.status(), counters, lag);
        }
    }

    private void requireRunning() {
        requireWriter();
        if (pipeline.status().state().isFinal()) {
            throw pipeline.status()
                    .failure()
                    .orElseGet(() -> new PhilotesException(ErrorCode.DEFECT, "Cannot go on: the pipeline has ended"));
        }
    }

    private void requireWriter() {
        writer.failure().ifPresent(e -> {
            throw new PhilotesException(ErrorCode.SOURCE_QUERY, "Cannot keep the shop changing: " + e.getMessage(), e);
        });
    }

    private DemoResult proof() throws SQLException {
        screen.say("Comparing every row of source and lake ...");
        try (Connection connection = postgres.connect();
                Lake lake = new Lake(lakeDirectory)) {
            List<TableComparison> comparisons = new Comparer(connection, lake).compare(Shop.TABLES);
            List<String> differences = new ArrayList<>();
            for (TableComparison comparison : comparisons) {
                comparison.differences().forEach(d -> differences.add(comparison.table() + ": " + d));
            }
            DemoResult result = result(comparisons, differences, lake);
            new DemoReport(screen).print(result, comparisons, Revenue.byCountry(lake));
            screen.say(OpenWith.text(lakeDirectory, lake.metadataFile("orders"), options.formatVersion()));
            return result;
        }
    }

    private DemoResult result(List<TableComparison> comparisons, List<String> differences, Lake lake) {
        return new DemoResult(
                differences.isEmpty(),
                comparisons.stream().mapToLong(TableComparison::sourceRows).sum(),
                comparisons.size(),
                counters.changes(),
                writer.transactions(),
                counters.commits(),
                Shop.TABLES.stream().mapToLong(lake::tableSnapshots).sum(),
                Map.of("p50", lag.percentile(0.5), "p99", lag.percentile(0.99)),
                lag.count(),
                1,
                options.formatVersion(),
                lakeDirectory.toString(),
                differences);
    }

    /** Ends everything that runs and removes PostgreSQL; the lake stays. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            try {
                if (writer != null) {
                    writer.stop();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (pipeline != null) {
                pipeline.close();
            }
            if (postgres != null) {
                postgres.close();
            }
        }
    }
}
