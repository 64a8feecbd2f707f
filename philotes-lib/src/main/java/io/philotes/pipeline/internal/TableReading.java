// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TupleView;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import io.philotes.source.CopyRange;
import io.philotes.source.TableCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ranges of one table on their way from an exported snapshot into a load, by several threads that end with it. Owned by
 * the apply thread, which only looks on.
 */
final class TableReading {

    /** Rows between two looks at the counters: often enough to watch, seldom enough to cost nothing. */
    private static final int REPORT_EVERY = 10_000;

    private static final long END_SECONDS = 30;

    /** One for each reader, which alone writes it: adding all rows to one counter took a tenth of a copy's time. */
    private final List<AtomicLong> rowsWritten = new CopyOnWriteArrayList<>();

    private final CopyContext context;
    private final TableCopy copy;
    private final TableId table;
    private final TableLoad load;
    private final Queue<CopyRange> ranges;
    private final ExecutorService threads;
    private final List<Future<?>> readers = new ArrayList<>();
    private long rowsSeen;
    private long movedAt = System.nanoTime();

    /** All ranges of a table, as cut for the pipeline's parallelism. */
    TableReading(CopyContext context, TableCopy copy, RelationSchema relation, TableLoad load) {
        this(
                context,
                copy,
                relation.table(),
                load,
                copy.ranges(relation, context.settings().copyParallelism()));
    }

    TableReading(CopyContext context, TableCopy copy, TableId table, TableLoad load, List<CopyRange> ranges) {
        this.context = context;
        this.copy = copy;
        this.table = table;
        this.load = load;
        this.ranges = new ConcurrentLinkedQueue<>(ranges);
        context.lane().copyMeter().begun(table);
        int count = Math.max(1, Math.min(context.settings().copyParallelism(), ranges.size()));
        this.threads = context.threads().apply(count);
        for (int i = 0; i < count; i++) {
            readers.add(threads.submit(() -> {
                readUntilEmpty();
                return null;
            }));
        }
    }

    /** Threads that still read. */
    int busyThreads() {
        return (int) readers.stream().filter(reader -> !reader.isDone()).count();
    }

    private void readUntilEmpty() throws InterruptedException {
        try (RangeWriter writer = load.writer()) {
            for (CopyRange range = ranges.poll(); range != null; range = ranges.poll()) {
                RowCounter rows = new RowCounter(writer);
                copy.read(range, rows::accept);
                rows.report();
            }
        }
    }

    /**
     * Whether every range is read and written, waiting at most so long for it.
     *
     * @throws PhilotesException what a reader met; STORAGE_FAILED when no row was written for too long
     */
    boolean isDone(long waitMillis) throws InterruptedException {
        for (Future<?> reader : readers) {
            if (!isDone(reader, waitMillis)) {
                requireMovement();
                return false;
            }
        }
        return true;
    }

    private static boolean isDone(Future<?> reader, long waitMillis) throws InterruptedException {
        if (waitMillis == 0 && !reader.isDone()) {
            return false;
        }
        try {
            reader.get(waitMillis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(Throwable cause) {
        if (cause instanceof InterruptedException) {
            return new PhilotesException(ErrorCode.INTERRUPTED, "Cannot finish the table copy: interrupted", cause);
        }
        return cause instanceof RuntimeException known
                ? known
                : new PhilotesException(ErrorCode.DEFECT, "Cannot copy a range: " + cause, cause);
    }

    private void requireMovement() {
        long now = rowsWritten.stream().mapToLong(AtomicLong::get).sum();
        if (now != rowsSeen) {
            rowsSeen = now;
            movedAt = System.nanoTime();
        } else if (System.nanoTime() - movedAt > context.patience().toNanos()) {
            throw new PhilotesException(
                            ErrorCode.STORAGE_FAILED,
                            "Cannot go on with the table copy: no row was read and written for " + context.patience())
                    .inTable(table);
        }
    }

    /** Ends the readers. The load drops its files next, and a reader that still writes one would leave it behind. */
    void close() throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    }

    /** Writes rows and tells their number now and then. Confined to one copy thread. */
    private final class RowCounter {

        private final RangeWriter writer;
        private final AtomicLong written = new AtomicLong();
        private long unreported;

        RowCounter(RangeWriter writer) {
            this.writer = writer;
            rowsWritten.add(written);
        }

        void accept(TupleView row) {
            writer.write(row);
            written.lazySet(written.getPlain() + 1);
            if (++unreported == REPORT_EVERY) {
                report();
            }
        }

        void report() {
            if (context.stopRequested()) {
                throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot finish the table copy: the pipeline stops");
            }
            context.board().copiedRows(table, unreported);
            context.lane().copyMeter().wrote(table, unreported);
            context.progress().moved();
            unreported = 0;
        }
    }
}
