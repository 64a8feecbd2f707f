// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * The segments of a buffer and the one that is written to. Guarded by the buffer's lock; readers go by {@link #readable()}
 * and never look behind it.
 *
 * <p>An {@link IOException} out of here means that nobody knows what is durable: the log must not be used again.
 */
final class SegmentLog {

    private final BufferDirectory directory;
    private final StateFile stateFile;
    private final LogLimits limits;
    private final SegmentCatalogue segments = new SegmentCatalogue();
    private BufferState state;
    private SegmentWriter writer;
    private Place open = Place.NONE;
    private long openBytes;
    private Place readable;
    private Lsn appendedUpTo;
    private Lsn trimmedUpTo;
    private final DiskRoom room;
    private boolean owesState;

    SegmentLog(BufferDirectory directory, StateFile stateFile, LogLimits limits, BufferState state) {
        this.directory = directory;
        this.stateFile = stateFile;
        this.limits = limits;
        this.room = new DiskRoom(directory, limits);
        this.state = state;
        this.trimmedUpTo = state.trimmedUpTo();
        this.appendedUpTo = state.trimmedUpTo();
    }

    /** Goes on behind what a scan of the last segment found. */
    void goOn(TreeMap<Long, Segment> found, TailScan scan) throws IOException {
        segments.addAll(found);
        long last = segments.last();
        BufferFile file = directory.open(SegmentHeader.fileName(last));
        writer = new SegmentWriter(file, last, scan.end(), scan.relations());
        open = Place.NONE;
        openBytes = 0;
        readable = new Place(last, scan.end());
        appendedUpTo = scan.appendedUpTo();
    }

    /** Creates a segment and writes to it from now on. */
    void create(SegmentHeader header) throws IOException {
        BufferFile file = directory.open(SegmentHeader.fileName(header.segment()));
        try {
            file.truncate(0);
            file.write(0, header.encode(), 0, SegmentHeader.LENGTH);
            file.force();
            directory.force();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        if (writer != null) {
            writer.close();
        }
        writer = new SegmentWriter(file, header.segment(), SegmentHeader.LENGTH, List.of());
        Lsn needed = header.open().isNone() ? header.startsBehind() : Lsn.MAX;
        segments.add(new Segment(header.segment(), SegmentHeader.LENGTH, needed));
        if (header.open().isNone()) {
            readable = new Place(header.segment(), SegmentHeader.LENGTH);
        }
    }

    /** Adds a batch durably; false, with nothing changed, when limit or disk are full. */
    boolean append(ChangeBatch batch) throws IOException {
        if (owesState) {
            removeTrimmed();
        }
        if (owesState || !hasRoomFor(batch) || !room.has(SegmentWriter.sizeOf(batch))) {
            return false;
        }
        if (writer.length() >= limits.segmentBytes() && !roll()) {
            return false;
        }
        SegmentWriter.Append append;
        try {
            append = writer.write(batch);
        } catch (IOException e) {
            writer.rollBack();
            return room.mayHaveHad(e, SegmentWriter.sizeOf(batch));
        }
        writer.force();
        if (open.isNone() && !batch.endsOnBoundary()) {
            open = new Place(writer.segment(), writer.length());
        }
        writer.complete(append);
        openBytes += batch.length();
        account(batch);
        return true;
    }

    private boolean hasRoomFor(ChangeBatch batch) {
        // A transaction that has begun must come to its end: before that nothing of it can be read and trimmed.
        return !open.isNone() || holdsNothing() || heldBytes() + SegmentWriter.sizeOf(batch) <= limits.limitBytes();
    }

    private boolean roll() throws IOException {
        long next = writer.segment() + 1;
        try {
            create(new SegmentHeader(next, appendedUpTo, writer.length(), open));
        } catch (IOException e) {
            directory.delete(SegmentHeader.fileName(next));
            return room.mayHaveHad(e, SegmentHeader.LENGTH);
        }
        // From now on the state knows the segment, so that its loss would be noticed.
        return saveState(segments.first());
    }

    private void account(ChangeBatch batch) {
        room.found();
        Segment active = segments.get(writer.segment());
        active.length = writer.length();
        if (!batch.endsOnBoundary()) {
            active.neededUpTo = Lsn.MAX;
            return;
        }
        appendedUpTo = batch.endLsn();
        long first = open.isNone() ? writer.segment() : open.segment();
        segments.endTransaction(first, appendedUpTo);
        open = Place.NONE;
        openBytes = 0;
        readable = new Place(writer.segment(), writer.length());
    }

    /**
     * Makes an empty log begin at a position; false when the disk is full. The state goes first: after a crash in between
     * {@link #reachTrimmed} completes the work, whereas a log without the state would seem to hold what was before.
     */
    boolean startAt(Lsn position) throws IOException {
        trimmedUpTo = position;
        // Into both slots: with the older one alone, positions before this one would seem to be held.
        return saveState(segments.first()) && saveState(segments.first()) && reachTrimmed();
    }

    /** Brings the end up to the trimmed position, which only an interrupted {@link #startAt} leaves behind it. */
    boolean reachTrimmed() throws IOException {
        return !trimmedUpTo.isAfter(appendedUpTo) || append(ChangeBatch.progress(trimmedUpTo));
    }

    /** Removes the parts of a transaction that has no end. */
    void cutIncomplete() throws IOException {
        if (open.isNone()) {
            return;
        }
        writer.close();
        while (segments.last() > open.segment()) {
            directory.delete(SegmentHeader.fileName(segments.last()));
            directory.force();
            segments.removeLast();
        }
        try (BufferFile file = directory.open(SegmentHeader.fileName(open.segment()))) {
            file.truncate(open.offset());
            file.force();
        }
        TailScan scan = TailScan.of(directory, open.segment(), open.offset());
        Segment last = segments.get(open.segment());
        last.length = scan.end();
        last.neededUpTo = scan.appendedUpTo();
        goOn(new TreeMap<>(), scan);
    }

    /** Counts everything that ends at or before {@code upTo} as gone; {@link #removeTrimmed} frees the space. */
    void trim(Lsn upTo) {
        trimmedUpTo = Lsn.max(trimmedUpTo, Lsn.min(upTo, appendedUpTo));
    }

    /** Removes segments that are not needed behind the trimmed position; the state says so before they go. */
    void removeTrimmed() throws IOException {
        if (holdsNothing() && writer.length() >= limits.segmentBytes() / 2) {
            roll();
        }
        List<Long> removable = segments.removable(writer.segment(), trimmedUpTo);
        long first = removable.isEmpty() ? segments.first() : removable.get(removable.size() - 1) + 1;
        if ((removable.isEmpty() && !owesState) || !saveState(first)) {
            return;
        }
        segments.removeAll(removable);
        for (long number : removable) {
            directory.delete(SegmentHeader.fileName(number));
        }
        directory.force();
    }

    /**
     * A log that never held anything, in the place of this one. The state goes first: it knows none of the segments, so that
     * after a crash in between the next start drops them.
     */
    SegmentLog reset() throws IOException {
        closeFiles();
        BufferState empty = new BufferState(state.pipeline(), segments.last() + 1, Lsn.ZERO, Place.NONE);
        stateFile.put(empty);
        stateFile.force();
        for (long number : segments.numbers()) {
            directory.delete(SegmentHeader.fileName(number));
        }
        directory.force();
        SegmentLog log = new SegmentLog(directory, stateFile, limits, empty);
        log.create(new SegmentHeader(empty.firstSegment(), Lsn.ZERO, 0, Place.NONE));
        return log;
    }

    /** False when the disk is full: nothing that relies on it may happen, and it is tried again before the next append. */
    private boolean saveState(long firstSegment) throws IOException {
        BufferState next = new BufferState(state.pipeline(), firstSegment, trimmedUpTo, readable);
        try {
            stateFile.put(next);
        } catch (IOException e) {
            owesState = true;
            return room.mayHaveHad(e, StateFile.SLOT);
        }
        stateFile.force();
        owesState = false;
        state = next;
        return true;
    }

    private boolean holdsNothing() {
        return open.isNone() && !appendedUpTo.isAfter(trimmedUpTo);
    }

    /** Whether the last append found no room on the disk. */
    boolean isDiskFull() {
        return room.isFull();
    }

    boolean isEmpty() {
        return holdsNothing();
    }

    boolean isInsideTransaction() {
        return !open.isNone();
    }

    /** Everything before it is durable, whole, and never changes. */
    Place readable() {
        return readable;
    }

    /** How far a reader may go ahead: durable too, but not whole, and cut off if the transaction's end does not come. */
    Place ahead() {
        return openBytes >= limits.aheadBytes() && !open.isNone()
                ? new Place(writer.segment(), writer.length())
                : readable;
    }

    Lsn appendedUpTo() {
        return appendedUpTo;
    }

    Lsn trimmedUpTo() {
        return trimmedUpTo;
    }

    /** The segment from which a reader finds everything that ends behind {@code after}. */
    long firstSegmentFor(Lsn after) {
        return segments.firstFor(after);
    }

    long heldBytes() {
        return segments.bytes();
    }

    /** Remembers how far everything is durable, and lets the files go. */
    void close() throws IOException {
        try {
            saveState(segments.first());
        } finally {
            closeFiles();
        }
    }

    /** Lets the files go and leaves them as they are. */
    void closeFiles() throws IOException {
        writer.close();
    }
}
