// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks stored batches over segments and checks that they follow each other. Confined to one thread. */
final class LogCursor {

    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);

    private final BufferDirectory directory;
    private long segment;
    private SegmentReader reader;
    private Place from = Place.NONE;
    private Lsn lastEnd;
    private boolean inside;

    LogCursor(BufferDirectory directory) {
        this.directory = directory;
    }

    /** Goes to a place; what is before it in its segment is read over. */
    void seek(Place place) {
        close();
        segment = place.segment();
        from = place;
        lastEnd = null;
        inside = false;
    }

    long segment() {
        return segment;
    }

    /**
     * The next batch before {@code end}, null when there is none.
     *
     * @throws DamagedRecordException naming an offset in {@link #segment}
     * @throws java.nio.file.NoSuchFileException when {@link #segment} is gone
     */
    StoredBatch next(Place end) throws IOException {
        while (segment <= end.segment()) {
            if (reader == null) {
                reader = SegmentReader.open(directory, segment);
            }
            StoredBatch stored = reader.next(segment == end.segment() ? end.offset() : reader.fileLength());
            if (stored == null) {
                if (segment == end.segment()) {
                    return null;
                }
                step();
            } else if (stored.place().compareTo(from) >= 0) {
                check(stored);
                return stored;
            }
        }
        return null;
    }

    private void step() throws IOException {
        long finished = reader.at();
        SegmentReader next = SegmentReader.open(directory, segment + 1);
        close();
        segment++;
        reader = next;
        if (next.header().previousLength() != finished) {
            throw new DamagedRecordException(0, "the segment before has lost its end");
        }
        if (lastEnd != null && !next.header().startsBehind().equals(lastEnd)) {
            throw new DamagedRecordException(0, "the segment does not follow the one before");
        }
    }

    private void check(StoredBatch stored) throws DamagedRecordException {
        ChangeBatch batch = stored.batch();
        boolean known = lastEnd != null || inside;
        boolean follows = !known || batch.extent().startsInside() == inside;
        if (batch.endsOnBoundary()) {
            follows &= lastEnd == null || batch.endLsn().isAfter(lastEnd);
            lastEnd = batch.endLsn();
        }
        inside = !batch.endsOnBoundary();
        if (!follows) {
            throw new DamagedRecordException(stored.place().offset(), "a batch does not follow the one before");
        }
    }

    void close() {
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException e) {
                LOG.debug("A segment that was only read did not close", e);
            }
            reader = null;
        }
    }
}
