// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.Sink;
import io.philotes.sink.TableLoad;
import io.philotes.source.CopyRange;
import io.philotes.source.TableCopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Loads tables from an exported snapshot into the sink, one table after the other, each by several threads. Owned by the
 * apply thread; the threads it starts end with each table.
 */
final class CopyCoordinator {

    /** Rows between two looks at the counters: often enough to watch, seldom enough to cost nothing. */
    private static final int REPORT_EVERY = 10_000;

    /** How long to wait between two looks at the rows. */
    private static final long LOOK_MILLIS = 200;

    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1);

    private final LongAdder rowsWritten = new LongAdder();
    private final PipelineSettings settings;
    private final Sink sink;
    private final TableBoard board;
    private final Progress progress;
    private final Lifecycle lifecycle;
    private final Duration patience;

    CopyCoordinator(PipelineSettings settings, Sink sink, TableBoard board, Progress progress, Lifecycle lifecycle) {
        this(
                settings,
                sink,
                board,
                progress,
                lifecycle,
                patience(settings.retry().maxDuration()));
    }

    CopyCoordinator(
            PipelineSettings settings,
            Sink sink,
            TableBoard board,
            Progress progress,
            Lifecycle lifecycle,
            Duration patience) {
        this.settings = settings;
        this.sink = sink;
        this.board = board;
        this.progress = progress;
        this.lifecycle = lifecycle;
        this.patience = patience;
    }

    /** As long as a failure may last, and at least a minute: a first row may be long in coming. */
    private static Duration patience(Duration failuresMayLast) {
        return failuresMayLast.compareTo(LEAST_PATIENCE) > 0 ? failuresMayLast : LEAST_PATIENCE;
    }

    /** Loads one table; a row that can never be written leaves the table to be copied again, and says so. */
    void copy(TableCopy copy, TablePicture picture) throws InterruptedException {
        RelationSchema table = picture.relation();
        board.copying(table.table());
        try (TableLoad load = sink.load(picture, copy.consistentPoint())) {
            readRanges(copy, table, load);
            load.commit();
            board.loaded(table.table(), copy.consistentPoint());
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e.inTable(table.table())) != FailurePolicy.Action.HOLD_TABLE) {
                throw e;
            }
            board.needsResync(table.table(), e.getMessage() + " -- " + e.hint());
        }
    }

    private void readRanges(TableCopy copy, RelationSchema table, TableLoad load) throws InterruptedException {
        Queue<CopyRange> ranges = new ConcurrentLinkedQueue<>(copy.ranges(table, settings.copyParallelism()));
        int threads = Math.max(1, Math.min(settings.copyParallelism(), ranges.size()));
        ExecutorService pool =
                Executors.newFixedThreadPool(threads, new NamedThreads("philotes-" + settings.name() + "-copy"));
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                readers.add(pool.submit(() -> {
                    readUntilEmpty(copy, table.table(), ranges, load);
                    return null;
                }));
            }
            awaitAll(readers, table.table());
        } finally {
            pool.shutdownNow();
            // The load drops its files next; a reader that still writes one would leave it behind.
            pool.awaitTermination(30, TimeUnit.SECONDS);
        }
    }

    private void readUntilEmpty(TableCopy copy, TableId table, Queue<CopyRange> ranges, TableLoad load)
            throws InterruptedException {
        try (RangeWriter writer = load.writer()) {
            for (CopyRange range = ranges.poll(); range != null; range = ranges.poll()) {
                RowCounter rows = new RowCounter(table, writer);
                copy.read(range, rows::accept);
                rows.report();
            }
        }
    }

    /** Waits for all, and gives up when no row was written for too long. */
    private void awaitAll(List<Future<?>> readers, TableId table) throws InterruptedException {
        long limitNanos = patience.toNanos();
        long seen = rowsWritten.sum();
        long movedAt = System.nanoTime();
        for (Future<?> reader : readers) {
            while (!isDone(reader)) {
                long now = rowsWritten.sum();
                if (now != seen) {
                    seen = now;
                    movedAt = System.nanoTime();
                } else if (System.nanoTime() - movedAt > limitNanos) {
                    throw new PhilotesException(
                                    ErrorCode.STORAGE_FAILED,
                                    "Cannot go on with the table copy: no row was read and written for " + patience)
                            .inTable(table);
                }
            }
        }
    }

    private static boolean isDone(Future<?> reader) throws InterruptedException {
        try {
            reader.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(Throwable cause) throws InterruptedException {
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return cause instanceof RuntimeException known
                ? known
                : new PhilotesException(ErrorCode.DEFECT, "Cannot copy a range: " + cause, cause);
    }

    /** Writes rows and tells their number now and then. Confined to one copy thread. */
    private final class RowCounter {

        private final TableId table;
        private final RangeWriter writer;
        private long unreported;

        RowCounter(TableId table, RangeWriter writer) {
            this.table = table;
            this.writer = writer;
        }

        void accept(TupleView row) {
            writer.write(row);
            rowsWritten.increment();
            if (++unreported == REPORT_EVERY) {
                report();
            }
        }

        void report() {
            if (lifecycle.stopRequested()) {
                throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot finish the table copy: the pipeline stops");
            }
            board.copiedRows(table, unreported);
            settings.metrics().copied(table, unreported);
            progress.moved(settings.clock().millis());
            unreported = 0;
        }
    }
}
