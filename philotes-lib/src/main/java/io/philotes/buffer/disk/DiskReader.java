// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;

/**
 * A place in a {@link DiskBuffer}. It first reads over what ends at or before its place. Where the first thing behind it came
 * in parts, it learns that only from the last part, and goes back to the first one.
 */
final class DiskReader implements BufferReader {

    private final DiskBuffer buffer;
    private final String name;
    private final LogCursor cursor;
    private Lsn position;
    private boolean skipping;
    private Place beginning;
    private volatile boolean closed;

    DiskReader(DiskBuffer buffer, BufferDirectory directory, String name, Lsn after, long segment) {
        this.buffer = buffer;
        this.name = name;
        this.position = after;
        this.cursor = new LogCursor(directory);
        start(segment);
    }

    private void start(long segment) {
        cursor.seek(new Place(segment, 0));
        skipping = true;
        beginning = null;
    }

    @Override
    public ChangeBatch poll(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!closed && !buffer.isClosed()) {
            long seen = buffer.changes().count();
            ChangeBatch batch = next();
            if (batch != null) {
                return batch;
            }
            if (!buffer.changes().await(seen, deadline)) {
                return null;
            }
        }
        return null;
    }

    private ChangeBatch next() {
        requireNotTrimmed();
        try {
            for (StoredBatch stored = cursor.next(buffer.readable());
                    stored != null;
                    stored = cursor.next(buffer.readable())) {
                if (!skipping || wanted(stored)) {
                    return deliver(stored.batch());
                }
            }
            return null;
        } catch (NoSuchFileException e) {
            startAgain(e);
            return null;
        } catch (DamagedRecordException e) {
            throw Failures.corrupt(buffer.directory(), SegmentHeader.fileName(cursor.segment()), e);
        } catch (IOException e) {
            throw Failures.failed(buffer.directory(), "read for '" + name + "'", e);
        }
    }

    private ChangeBatch deliver(ChangeBatch batch) {
        if (batch.endsOnBoundary()) {
            position = batch.endLsn();
        }
        return batch;
    }

    /** Whether a batch is the first one to give out; notes where parts begin, and goes back there. */
    private boolean wanted(StoredBatch stored) throws DamagedRecordException {
        ChangeBatch.Extent extent = stored.batch().extent();
        if (extent.endsInside()) {
            beginning = extent.startsInside() ? beginning : stored.place();
            return false;
        }
        if (!extent.endLsn().isAfter(position)) {
            beginning = null;
            return false;
        }
        skipping = false;
        if (!extent.startsInside()) {
            return true;
        }
        if (beginning == null) {
            throw new DamagedRecordException(stored.place().offset(), "the beginning of a transaction is missing");
        }
        cursor.seek(beginning);
        return false;
    }

    private void requireNotTrimmed() {
        Lsn trimmed = buffer.trimmedUpTo();
        if (position.isBefore(trimmed)) {
            throw BatchOrder.trimmed(name, position, trimmed);
        }
    }

    /** A segment may go while a reader that needs nothing of it stands in it. */
    private void startAgain(NoSuchFileException e) {
        requireNotTrimmed();
        long segment = buffer.firstSegmentFor(position);
        if (segment <= cursor.segment()) {
            throw Failures.failed(buffer.directory(), "read for '" + name + "'", e);
        }
        start(segment);
        buffer.changes().raise();
    }

    @Override
    public void close() {
        closed = true;
        cursor.close();
    }
}
