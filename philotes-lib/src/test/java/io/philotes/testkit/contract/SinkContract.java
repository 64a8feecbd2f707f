// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import io.philotes.model.RelationSchema;
import io.philotes.sink.Sink;
import java.util.List;

/**
 * What every {@link Sink} promises, as tests: extend it, say how a sink is made and what a reader of its destination sees, and
 * everything is tried that the engine relies on.
 *
 * <ul>
 *   <li>A table copy replaces all of a table or nothing, together with its position.
 *   <li>A commit makes changes durable together with their position; after a restart {@link Sink#committedUpTo} tells the truth,
 *       and what comes again changes nothing.
 *   <li>A table that is suspended or was not resumed takes nothing; what was written before {@link Sink#open} is dropped; an older
 *       epoch cannot write behind a newer one.
 *   <li>A row that can never be written comes back as a rejection, and nothing of its table since the last commit is kept.
 *   <li>Notices of the source change no row. One that says that changes are missing rejects the table.
 *   <li>A table is its oid: changes that come under another name reject it, and are no other table's.
 *   <li>Where {@link Sink#parksRows}: a row set aside leaves no trace, its key waits, and a replay happens once.
 * </ul>
 *
 * <p>Changes come as inserts, so that a sink that keeps history passes as one that mirrors does; what only a mirror can show is
 * skipped when {@link #keepsHistory()}. Rows have the columns {@code id int8} (the key) and {@code name text}, in text form.
 *
 * <p>Each test has an object of the test class, and so a destination, of its own: make it in a field or in {@code @TempDir}.
 * A test that simulates a crash leaves its sink unclosed, as a killed process does, and asks for another one.
 */
public abstract class SinkContract extends SinkParking {

    /** Another sink object for the same destination, not opened yet, as a new process would make it. */
    @Override
    protected abstract Sink newSink();

    /**
     * What a reader of the destination sees of a table now: each row's id and name joined by {@code |}, in any order; nothing
     * when there is no table. A history gives all its rows, whatever their operation; one that keeps what was there before a load
     * gives those of the newest load and what came since.
     *
     * @param table {@link #ORDERS} or {@link #ITEMS}
     */
    @Override
    protected abstract List<String> rows(RelationSchema table);

    /** Whether the destination holds changes instead of rows; false by default. */
    @Override
    protected boolean keepsHistory() {
        return false;
    }

    /** A row of {@link #ORDERS} that the sink can never write: a tuple of text values; by default one whose id is no number. */
    @Override
    protected Object[] impossibleRow() {
        return new Object[] {"not a number", "a"};
    }
}
