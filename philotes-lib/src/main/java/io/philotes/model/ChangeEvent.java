// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One change of one table, for whoever wants to look at it: made only where somebody asks. Immutable; may be kept, and then
 * keeps the bytes of the batch that it came with.
 */
public sealed interface ChangeEvent {

    /**
     * Where a change stands in the stream.
     *
     * @param at identity and order of the change; the same when it comes again
     * @param committedAt commit time of its transaction, to the microsecond
     * @param transaction the transaction's id, unsigned 32 bits; it wraps
     */
    record Origin(SequenceNumber at, Instant committedAt, long transaction) {

        public Origin {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(committedAt, "committedAt");
        }
    }

    /** The table, by its name at that time. */
    TableId table();

    /** Where it stands in the stream. */
    Origin origin();

    /** A row came. */
    record Insert(TableId table, Origin origin, Row row) implements ChangeEvent {}

    /**
     * A row changed.
     *
     * @param before the old row, when the key changed or the replica identity is FULL; else empty
     * @param after the new row; large values that the update did not touch were not sent
     */
    record Update(TableId table, Origin origin, Optional<Row> before, Row after) implements ChangeEvent {}

    /**
     * A row went.
     *
     * @param before the old row: its key columns, or all of them when the replica identity is FULL
     */
    record Delete(TableId table, Origin origin, Row before) implements ChangeEvent {}

    /** All rows went. A TRUNCATE of several tables is one event for each, with one sequence number. */
    record Truncate(TableId table, Origin origin) implements ChangeEvent {}

    /** The events of the record under the cursor: none for one that is no change, several for a TRUNCATE of several tables. */
    static List<ChangeEvent> at(ChangeCursor cursor) {
        return switch (cursor.kind()) {
            case INSERT -> List.of(new Insert(table(cursor), origin(cursor), after(cursor)));
            case UPDATE -> List.of(update(cursor));
            case DELETE -> List.of(new Delete(table(cursor), origin(cursor), before(cursor)));
            case TRUNCATE -> truncates(cursor);
            case BEGIN, COMMIT, NOTICE -> List.of();
        };
    }

    private static ChangeEvent update(ChangeCursor cursor) {
        Optional<Row> before = cursor.hasOldTuple() ? Optional.of(before(cursor)) : Optional.empty();
        return new Update(table(cursor), origin(cursor), before, after(cursor));
    }

    private static List<ChangeEvent> truncates(ChangeCursor cursor) {
        List<ChangeEvent> events = new ArrayList<>();
        for (RelationSchema relation : cursor.truncated()) {
            events.add(new Truncate(relation.table(), origin(cursor)));
        }
        return events;
    }

    private static TableId table(ChangeCursor cursor) {
        return cursor.relation().table();
    }

    private static Origin origin(ChangeCursor cursor) {
        long micros = cursor.commitMicros();
        long seconds = Math.floorDiv(micros, TimeUnit.SECONDS.toMicros(1));
        long nanos = TimeUnit.MICROSECONDS.toNanos(Math.floorMod(micros, TimeUnit.SECONDS.toMicros(1)));
        return new Origin(
                new SequenceNumber(cursor.commitLsn(), cursor.ordinal()),
                Instant.ofEpochSecond(seconds, nanos),
                Integer.toUnsignedLong(cursor.xid()));
    }

    private static Row before(ChangeCursor cursor) {
        return cursor.oldTupleIsFull()
                ? Row.whole(cursor.relation(), cursor.oldTuple())
                : Row.keyOf(cursor.relation(), cursor.oldTuple());
    }

    private static Row after(ChangeCursor cursor) {
        return Row.whole(cursor.relation(), cursor.newTuple());
    }
}
