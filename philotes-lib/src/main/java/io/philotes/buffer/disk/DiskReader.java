// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.buffer.internal.PartsAhead;
import io.philotes.error.PhilotesException;
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
    private boolean mayGoAhead;
    private boolean ahead;
    private long withdrawalsSeen;
    private Place beginning;
    private PhilotesException damage;
    private volatile boolean closed;

    DiskReader(DiskBuffer buffer, String name, Lsn after, long segment) {
        this.buffer = buffer;
        this.name = name;
        this.position = after;
        this.cursor = new LogCursor(buffer.directory());
        start(segment);
    }

    private void start(long segment) {
        cursor.seek(new Place(segment, 0));
        skipping = true;
        beginning = null;
    }

    @Override
    public ChangeBatch poll(Duration timeout) throws InterruptedException {
        mayGoAhead = ahead;
        return await(timeout);
    }

    @Override
    public ChangeBatch pollAhead(Duration timeout) throws InterruptedException {
        mayGoAhead = true;
        return await(timeout);
    }

    private ChangeBatch await(Duration timeout) throws InterruptedException {
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
        if (damage != null) {
            throw damage;
        }
        if (!ahead) {
            withdrawalsSeen = buffer.marks().withdrawals();
        }
        try {
            ChangeBatch batch = nextWhole();
            if (batch == null && mayGoAhead && !skipping) {
                batch = nextAhead();
            }
            requireNotWithdrawn();
            return batch;
        } catch (NoSuchFileException e) {
            requireNotWithdrawn();
            startAgain(e);
            return null;
        } catch (DamagedRecordException e) {
            requireNotWithdrawn();
            damage = Failures.corrupt(buffer.directory(), SegmentHeader.fileName(cursor.segment()), e);
            throw damage;
        } catch (IOException e) {
            requireNotWithdrawn();
            throw Failures.failed(buffer.directory(), "read for '" + name + "'", e);
        }
    }

    private ChangeBatch nextWhole() throws IOException {
        Lsn appended = buffer.marks().appendedUpTo();
        Place whole = buffer.marks().whole();
        for (StoredBatch stored = cursor.next(whole); stored != null; stored = cursor.next(whole)) {
            if (!skipping || wanted(stored)) {
                ahead = false;
                return deliver(stored.batch());
            }
        }
        // All of it ends at or before the position, and whatever comes behind it ends behind the position.
        skipping &= !mayGoAhead || position.isAfter(appended);
        return null;
    }

    private ChangeBatch nextAhead() throws IOException {
        StoredBatch stored = cursor.next(buffer.marks().ahead());
        if (stored == null) {
            return null;
        }
        // Its last part may have come since.
        ahead = !stored.batch().endsOnBoundary();
        return deliver(stored.batch());
    }

    private ChangeBatch deliver(ChangeBatch batch) {
        if (batch.endsOnBoundary()) {
            position = batch.endLsn();
        }
        return batch;
    }

    /** Asked behind each read: what was read may have been of another transaction in the same place. */
    private void requireNotWithdrawn() {
        if (mayGoAhead && buffer.marks().withdrawals() != withdrawalsSeen) {
            ahead = true;
            throw PartsAhead.withdrawn(name, position);
        }
    }

    @Override
    public boolean isAhead() {
        return ahead;
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
