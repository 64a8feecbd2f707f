// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.BigEndian;
import java.io.IOException;
import java.util.zip.CRC32C;

/** Reads single records of one segment and checks them. Confined to one thread. */
final class RecordReader {

    private static final byte[] NOTHING = {};

    private final FileWindow window;
    private final long segment;
    private final byte[] head = new byte[RecordFormat.HEAD_LENGTH];

    RecordReader(BufferFile file, long segment) {
        this.window = new FileWindow(file);
        this.segment = segment;
    }

    /** The record at {@code offset}, which ends before {@code limit}. */
    RawRecord read(long offset, long limit) throws IOException {
        require(limit - offset >= RecordFormat.HEAD_LENGTH, offset, "a record ends early");
        window.read(offset, head, RecordFormat.HEAD_LENGTH, limit);
        require(BigEndian.getInt(head, 0) == RecordFormat.MARK, offset, "there is no record");
        int length = BigEndian.getInt(head, 4);
        byte type = head[8];
        int crc = BigEndian.getInt(head, 9);
        long payload = offset + RecordFormat.HEAD_LENGTH;
        require(length >= 0 && length <= limit - payload, offset, "a record ends early");
        int frontLength = frontLength(type, length, payload, offset, limit);
        byte[] front = bytes(payload, frontLength, limit);
        byte[] body = bytes(payload + frontLength, length - frontLength, limit);
        CRC32C actual = RecordFormat.checksum(segment, offset, length, type);
        actual.update(front);
        actual.update(body);
        require((int) actual.getValue() == crc, offset, "a record's checksum does not match");
        return new RawRecord(type, front, body, payload + length);
    }

    private int frontLength(byte type, int length, long payload, long offset, long limit) throws IOException {
        if (type == RecordFormat.RELATION) {
            return length;
        }
        require(type == RecordFormat.BATCH && length >= RecordFormat.BATCH_LENGTH, offset, "a record is malformed");
        byte[] count = bytes(payload + RecordFormat.BATCH_LENGTH - 4, 4, limit);
        long front = RecordFormat.BATCH_LENGTH + 4L * BigEndian.getInt(count, 0);
        require(front >= RecordFormat.BATCH_LENGTH && front <= length, offset, "a record is malformed");
        return (int) front;
    }

    private byte[] bytes(long offset, int length, long limit) throws IOException {
        if (length == 0) {
            return NOTHING;
        }
        byte[] bytes = new byte[length];
        window.read(offset, bytes, length, limit);
        return bytes;
    }

    private static void require(boolean holds, long offset, String why) throws DamagedRecordException {
        if (!holds) {
            throw new DamagedRecordException(offset, why);
        }
    }
}
