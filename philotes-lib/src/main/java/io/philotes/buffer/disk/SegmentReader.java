// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.BigEndian;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.RelationCodec;
import io.philotes.model.RelationSchema;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Walks the batches of one segment from its beginning. Confined to one thread; owns the file. */
final class SegmentReader implements Closeable {

    private final BufferFile file;
    private final SegmentHeader header;
    private final RecordReader records;
    private final List<RelationSchema> relations = new ArrayList<>();
    private long at = SegmentHeader.LENGTH;

    private SegmentReader(BufferFile file, SegmentHeader header) {
        this.file = file;
        this.header = header;
        this.records = new RecordReader(file, header.segment());
    }

    /** Opens a segment whose header must be whole. */
    static SegmentReader open(BufferDirectory directory, long segment) throws IOException {
        BufferFile file = directory.openForReading(SegmentHeader.fileName(segment));
        try {
            return new SegmentReader(file, header(file, directory, segment));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    static SegmentHeader header(BufferFile file, BufferDirectory directory, long segment) throws IOException {
        byte[] bytes = new byte[SegmentHeader.LENGTH];
        if (file.length() < bytes.length) {
            throw new DamagedRecordException(0, "the segment's header is cut short");
        }
        file.read(0, bytes, 0, bytes.length);
        return switch (SegmentHeader.check(bytes, segment)) {
            case VALID -> SegmentHeader.decode(bytes);
            case TOO_NEW ->
                throw Failures.tooNew(
                        directory, SegmentHeader.fileName(segment), SegmentHeader.format(bytes), SegmentHeader.FORMAT);
            case INVALID -> throw new DamagedRecordException(0, "the segment's header is damaged");
        };
    }

    SegmentHeader header() {
        return header;
    }

    long fileLength() throws IOException {
        return file.length();
    }

    /** Where the next record begins. */
    long at() {
        return at;
    }

    /** The relations found so far, by number. */
    List<RelationSchema> relations() {
        return relations;
    }

    /** The next batch that ends at or before {@code limit}, null when there is none. */
    StoredBatch next(long limit) throws IOException {
        while (at < limit) {
            long offset = at;
            RawRecord record = records.read(offset, limit);
            StoredBatch batch = decode(record, offset);
            at = record.end();
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    private StoredBatch decode(RawRecord record, long offset) throws IOException {
        try {
            if (record.type() == RecordFormat.BATCH) {
                return batch(record, offset);
            }
            relations.add(RelationCodec.read(new DataInputStream(new ByteArrayInputStream(record.front()))));
            return null;
        } catch (MalformedBatchException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DamagedRecordException(offset, "a record cannot be understood (" + e.getMessage() + ")");
        }
    }

    private StoredBatch batch(RawRecord record, long offset) {
        byte[] front = record.front();
        int flags = front[16];
        ChangeBatch.Extent extent = new ChangeBatch.Extent(
                new Lsn(BigEndian.getLong(front, 8)),
                RecordFormat.startsInside(flags),
                RecordFormat.endsInside(flags),
                BigEndian.getLong(front, 17),
                BigEndian.getLong(front, 25));
        List<RelationSchema> used = new ArrayList<>();
        for (int i = RecordFormat.BATCH_LENGTH; i < front.length; i += 4) {
            used.add(relations.get(BigEndian.getInt(front, i)));
        }
        ChangeBatch batch = new ChangeBatch(record.body(), record.body().length, used, extent);
        return new StoredBatch(batch, new Place(header.segment(), offset), BigEndian.getLong(front, 0));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
