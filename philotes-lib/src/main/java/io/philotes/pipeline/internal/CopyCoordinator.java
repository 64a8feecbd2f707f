// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TablePicture;
import io.philotes.sink.Sink;
import io.philotes.sink.TableLoad;
import io.philotes.source.TableCopy;

/** The very first load of a pipeline: one table after the other, while nothing streams yet. Owned by the apply thread. */
final class CopyCoordinator {

    /** How long to wait between two looks at the rows. */
    private static final long LOOK_MILLIS = 200;

    private final CopyContext context;
    private final Sink sink;

    CopyCoordinator(CopyContext context, Sink sink) {
        this.context = context;
        this.sink = sink;
    }

    /** Loads one table; a row that can never be written leaves the table to be copied again, and says so. */
    void copy(TableCopy copy, TablePicture picture) throws InterruptedException {
        RelationSchema table = picture.relation();
        context.board().copying(table.table(), copy.consistentPoint());
        try (TableLoad load = sink.load(picture, copy.consistentPoint())) {
            read(copy, table, load);
            context.lane().desk().storeCopied(table.table(), copy.consistentPoint(), load.parked());
            load.commit();
            context.board().loaded(table.table(), copy.consistentPoint());
            context.lane().desk().copied(table.table());
        } catch (PhilotesException e) {
            FailurePolicy.requireGoingOn(context.lane().rows(), e);
            if (FailurePolicy.afterCopy(e.inTable(table.table())) != FailurePolicy.Action.HOLD_TABLE) {
                throw e;
            }
            context.board().needsResync(table.table(), e.getMessage() + " -- " + e.hint());
        }
    }

    private void read(TableCopy copy, RelationSchema table, TableLoad load) throws InterruptedException {
        TableReading reading = new TableReading(context, copy, table, load);
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
}
