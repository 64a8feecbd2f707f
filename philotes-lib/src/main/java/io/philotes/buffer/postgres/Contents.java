// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a buffer knows of its tables without asking. The newest segment is written to until it is large enough; one that is
 * trimmed as a whole is retired, and gone once its table was dropped. Not thread-safe: its buffer's lock guards it.
 */
final class Contents {

    /**
     * A segment that nobody needs any more.
     *
     * @param lastSeq its last row
     */
    record Retired(Segment segment, long lastSeq) {}

    private final BufferLimits limits;
    private final Deque<Segment> segments;
    private final Deque<Retired> retired = new ArrayDeque<>();
    private Lsn appendedUpTo;
    private Lsn trimmedUpTo;
    private long lastSeq;
    private long nextSeq;
    private long incompleteBytes;

    Contents(BufferLimits limits, StoredState stored, Lsn trimmedUpTo) {
        this.limits = limits;
        this.segments = new ArrayDeque<>(stored.segments());
        this.appendedUpTo = stored.appendedUpTo();
        this.trimmedUpTo = Lsn.max(stored.trimmedUpTo(), Lsn.min(trimmedUpTo, appendedUpTo));
        this.lastSeq = stored.lastSeq();
        this.nextSeq = lastSeq + 1;
        retire();
        if (stored.newestIsSealed() && !segments.isEmpty()) {
            // However small: rows that were added to it would not follow its last one.
            retired.add(new Retired(segments.removeLast(), lastSeq));
        }
    }

    Lsn appendedUpTo() {
        return appendedUpTo;
    }

    Lsn trimmedUpTo() {
        return trimmedUpTo;
    }

    /** Number of the last row that may be read. */
    long lastSeq() {
        return lastSeq;
    }

    long nextSeq() {
        return nextSeq;
    }

    boolean isInsideTransaction() {
        return nextSeq > lastSeq + 1;
    }

    /** Whether nothing is held for a reader, whatever the tables hold still. */
    boolean isEmpty() {
        return appendedUpTo.equals(trimmedUpTo) && !isInsideTransaction();
    }

    long heldBytes() {
        return neededBytes()
                + retired.stream().mapToLong(r -> r.segment().bytes()).sum();
    }

    private long neededBytes() {
        return incompleteBytes + segments.stream().mapToLong(Segment::bytes).sum();
    }

    /** Whether there would be room if what nobody needs were dropped. */
    boolean isFullOfRetired() {
        return !retired.isEmpty() && neededBytes() < limits.limitBytes();
    }

    boolean hasRoomFor(long cost) {
        return isInsideTransaction() || (isEmpty() && retired.isEmpty()) || heldBytes() + cost <= limits.limitBytes();
    }

    /** Whether the next row may go to the newest segment. */
    boolean isWritable() {
        Segment newest = segments.peekLast();
        return newest != null && (isInsideTransaction() || !isLarge(newest));
    }

    /** The newest segment; null when there is none. */
    Segment newest() {
        return segments.peekLast();
    }

    /** The segment whose end the database does not know yet; null when there is none. It may wait to be dropped. */
    Segment unsealed() {
        return segments.isEmpty() && !retired.isEmpty() ? retired.peekLast().segment() : segments.peekLast();
    }

    private boolean isLarge(Segment segment) {
        return segment.bytes() >= limits.segmentBytes();
    }

    void began(long firstSeq) {
        segments.add(new Segment(firstSeq, Lsn.ZERO, 0));
    }

    /** Rows of a part of a transaction that goes on. */
    void part(int rows, long cost) {
        nextSeq += rows;
        incompleteBytes += cost;
    }

    /** Rows with which a transaction ends. */
    void whole(int rows, long cost, Lsn endLsn) {
        Segment newest = segments.removeLast();
        segments.add(newest.with(endLsn, incompleteBytes + cost));
        incompleteBytes = 0;
        nextSeq += rows;
        lastSeq = nextSeq - 1;
        appendedUpTo = endLsn;
    }

    void progressed(Lsn position) {
        appendedUpTo = position;
    }

    void startedAt(Lsn position) {
        appendedUpTo = position;
        trimmedUpTo = position;
        retire();
    }

    void cut() {
        incompleteBytes = 0;
        nextSeq = lastSeq + 1;
    }

    /** Moves the mark; returns whether it moved. */
    boolean trim(Lsn upTo) {
        Lsn target = Lsn.min(upTo, appendedUpTo);
        if (!target.isAfter(trimmedUpTo)) {
            return false;
        }
        trimmedUpTo = target;
        retire();
        return true;
    }

    private void retire() {
        while (segments.size() > 1 && !segments.peekFirst().endLsn().isAfter(trimmedUpTo)) {
            Segment gone = segments.removeFirst();
            retired.add(new Retired(gone, segments.peekFirst().firstSeq() - 1));
        }
        if (segments.size() == 1 && isEmpty() && isLarge(segments.peekFirst())) {
            retired.add(new Retired(segments.removeFirst(), lastSeq));
        }
    }

    List<Retired> retired() {
        return new ArrayList<>(retired);
    }

    void dropped(Retired segment) {
        retired.remove(segment);
    }

    /** The segment that holds a row; empty when it is not held. */
    Optional<Segment> holding(long seq) {
        Segment found = null;
        for (Segment segment : segments) {
            if (segment.firstSeq() <= seq) {
                found = segment;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The first segment in which something may end behind a place. */
    Optional<Segment> firstBehind(Lsn after) {
        for (Segment segment : segments) {
            if (segment == segments.peekLast() || segment.endLsn().isAfter(after)) {
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }
}
