// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.Sink;
import io.philotes.sink.TableLoad;
import io.philotes.source.CopyRange;
import io.philotes.source.TableCopy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The very first load of a pipeline, while nothing streams yet: while one table is created or committed, the next ones are
 * read, so that many small tables do not wait for each other. Owned by the apply thread.
 */
final class CopyCoordinator {

    /** How long to wait between two looks at the rows. */
    private static final long LOOK_MILLIS = 200;

    /** A table on its way; a look at it waits for the ones before it. */
    private record Loading(TableId table, TableLoad load, TableReading reading) {

        /** Ends the readers first: one that still writes a file would leave it behind. */
        void giveUp() throws InterruptedException {
            try {
                reading.close();
            } finally {
                load.close();
            }
        }
    }

    private final CopyContext context;
    private final Sink sink;
    private final Deque<Loading> loading = new ArrayDeque<>();

    CopyCoordinator(CopyContext context, Sink sink) {
        this.context = context;
        this.sink = sink;
    }

    /** Loads one table. */
    void copy(TableCopy copy, TablePicture picture) throws InterruptedException {
        copy(copy, List.of(picture), () -> {});
    }

    /**
     * Loads tables, in their order; a row that can never be written leaves its table to be copied again, and says so.
     *
     * @param afterEach called when a table is loaded or left
     */
    void copy(TableCopy copy, List<TablePicture> pictures, Runnable afterEach) throws InterruptedException {
        try {
            for (TablePicture picture : pictures) {
                begin(copy, picture, afterEach);
            }
            while (!loading.isEmpty()) {
                finishOldest(copy, afterEach);
            }
        } finally {
            giveUp();
        }
    }

    private void begin(TableCopy copy, TablePicture picture, Runnable afterEach) throws InterruptedException {
        TableId table = picture.relation().table();
        try {
            List<CopyRange> ranges =
                    copy.ranges(picture.relation(), context.settings().copyParallelism());
            if (hasRoomFor(ranges.size())) {
                loading.add(read(copy, picture, ranges));
                return;
            }
        } catch (PhilotesException e) {
            leave(table, e);
            afterEach.run();
            return;
        }
        finishOldest(copy, afterEach);
        begin(copy, picture, afterEach);
    }

    private Loading read(TableCopy copy, TablePicture picture, List<CopyRange> ranges) {
        TableId table = picture.relation().table();
        context.board().copying(table, copy.consistentPoint());
        TableLoad load = sink.load(
                picture, copy.consistentPoint(), context.board().progress(table).lastMarker());
        try {
            return new Loading(table, load, new TableReading(context, copy, table, load, ranges));
        } catch (RuntimeException e) {
            load.close();
            throw e;
        }
    }

    /** A large table waits until it can have all its threads; and not too many wait for their commits. */
    private boolean hasRoomFor(int threads) {
        int most = context.settings().copyParallelism();
        int busy = loading.stream().mapToInt(one -> one.reading().busyThreads()).sum();
        return loading.isEmpty() || (busy + Math.min(threads, most) <= most && loading.size() <= most);
    }

    private void finishOldest(TableCopy copy, Runnable afterEach) throws InterruptedException {
        Loading oldest = loading.remove();
        try (TableLoad load = oldest.load()) {
            await(oldest.reading());
            context.lane().desk().storeCopied(oldest.table(), copy.consistentPoint(), load.parked());
            load.commit();
            context.board().loaded(oldest.table(), copy.consistentPoint());
            context.lane().copyMeter().done(oldest.table());
            context.lane().desk().copied(oldest.table());
        } catch (PhilotesException e) {
            leave(oldest.table(), e);
        }
        afterEach.run();
    }

    private static void await(TableReading reading) throws InterruptedException {
        try {
            while (!reading.isDone(LOOK_MILLIS)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while a table is copied");
                }
            }
        } finally {
            reading.close();
        }
    }

    private void leave(TableId table, PhilotesException why) {
        FailurePolicy.requireGoingOn(context.lane().rows(), why);
        if (FailurePolicy.afterCopy(why.inTable(table)) != FailurePolicy.Action.HOLD_TABLE) {
            throw why;
        }
        context.board().needsResync(table, why.getMessage() + " -- " + why.hint());
    }

    private void giveUp() throws InterruptedException {
        InterruptedException interrupted = null;
        for (Loading one = loading.poll(); one != null; one = loading.poll()) {
            try {
                one.giveUp();
            } catch (InterruptedException e) {
                interrupted = e;
            }
        }
        if (interrupted != null) {
            throw interrupted;
        }
    }
}
