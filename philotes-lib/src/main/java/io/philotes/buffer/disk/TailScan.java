// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * Reads the last segment from its beginning to the last whole record. What is behind that is a torn write, unless something
 * proves that it was durable once: the recorded durable place, or a later record that says so.
 */
final class TailScan {

    private final BufferDirectory directory;
    private final String name;
    private Lsn appendedUpTo;
    private Place open;
    private long lastAppend = 0;
    private long end = SegmentHeader.LENGTH;
    private List<RelationSchema> relations;

    private TailScan(BufferDirectory directory, SegmentHeader header) {
        this.directory = directory;
        this.name = SegmentHeader.fileName(header.segment());
        this.appendedUpTo = header.startsBehind();
        this.open = header.open();
    }

    /**
     * Scans the segment.
     *
     * @param durable everything before it in this file was durable once
     */
    static TailScan of(BufferDirectory directory, long segment, long durable) throws IOException {
        try (SegmentReader reader = SegmentReader.open(directory, segment)) {
            TailScan scan = new TailScan(directory, reader.header());
            scan.run(reader, durable);
            return scan;
        }
    }

    private void run(SegmentReader reader, long durable) throws IOException {
        long length = reader.fileLength();
        if (length < durable) {
            throw Failures.corrupt(directory, name, length, "the file is shorter than it was");
        }
        try {
            for (StoredBatch stored = reader.next(length); stored != null; stored = reader.next(length)) {
                take(stored);
            }
            end = length;
        } catch (DamagedRecordException e) {
            end = e.offset();
            requireTorn(e, durable, length);
        }
        relations = List.copyOf(reader.relations());
    }

    private void take(StoredBatch stored) {
        ChangeBatch batch = stored.batch();
        long offset = stored.place().offset();
        if (batch.extent().startsInside() == open.isNone()) {
            throw Failures.corrupt(directory, name, offset, "a part does not follow its beginning");
        }
        lastAppend = stored.forcedUpTo();
        if (!batch.endsOnBoundary()) {
            open = open.isNone() ? new Place(stored.place().segment(), stored.forcedUpTo()) : open;
            return;
        }
        if (!batch.endLsn().isAfter(appendedUpTo)) {
            throw Failures.corrupt(directory, name, offset, "positions run backwards");
        }
        appendedUpTo = batch.endLsn();
        open = Place.NONE;
    }

    private void requireTorn(DamagedRecordException e, long durable, long length) throws IOException {
        if (e.offset() < durable || wasDurable(e.offset(), length)) {
            throw Failures.corrupt(directory, name, e);
        }
    }

    /** Whether a whole record behind {@code damage} says that the damaged place had been forced. */
    private boolean wasDurable(long damage, long length) throws IOException {
        long segment = SegmentHeader.number(name);
        try (BufferFile file = directory.openForReading(name)) {
            return new ProofSearch(file, segment, length).findBehind(damage);
        } catch (EOFException shrunk) {
            throw Failures.failed(directory, "read " + directory.describe(name), shrunk);
        }
    }

    /** End of the last whole transaction. */
    Lsn appendedUpTo() {
        return appendedUpTo;
    }

    /** Where the append begins that brought the first part of a transaction without an end. */
    Place open() {
        return open;
    }

    /** Where the last append begins; 0 when there is none, so that the header is part of it. */
    long lastAppend() {
        return lastAppend;
    }

    /** End of the last whole record. */
    long end() {
        return end;
    }

    List<RelationSchema> relations() {
        return relations;
    }
}
