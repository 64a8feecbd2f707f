// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.ChangeBatch;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The records of a segment, all numbers big-endian:
 *
 * <pre>
 * record        int32 mark "PHRC" | int32 length of the payload | int8 type | int32 CRC32C | payload
 * CRC32C        over int64 segment | int64 offset of the record in the file | int32 length | int8 type | payload
 * 'R' relation  as RelationCodec; its number in this segment is the count of relation records before it
 * 'B' batch     int64 forcedUpTo | int64 endLsn | int8 flags (1 startsInside, 2 endsInside) | int64 changeCount
 *               | int64 lastCommitMicros | int32 n | n × int32 relation number | record bytes of the ChangeBatch
 * </pre>
 *
 * <p>An append writes the relations that the segment does not have yet and the batch, then forces the file. So everything
 * before {@code forcedUpTo}, where that append began, was durable when the batch was written: a damaged record in front of it
 * is no torn write. Segment and offset are in the checksum so that bytes of an older file on the same blocks are not taken
 * for records; the mark makes records findable behind damage.
 */
final class RecordFormat {

    static final int MARK = 0x50485243;
    static final int HEAD_LENGTH = 13;
    static final int BATCH_LENGTH = 37;
    static final byte RELATION = 'R';
    static final byte BATCH = 'B';

    private static final int STARTS_INSIDE = 1;
    private static final int ENDS_INSIDE = 2;

    private RecordFormat() {}

    /** A checksum that has seen everything but the payload. */
    static CRC32C checksum(long segment, long offset, int length, byte type) {
        ByteBuffer place = ByteBuffer.allocate(21);
        place.putLong(segment).putLong(offset).putInt(length).put(type);
        CRC32C crc = new CRC32C();
        crc.update(place.array());
        return crc;
    }

    static void putHead(ByteBuffer out, int length, byte type, CRC32C crc) {
        out.putInt(MARK).putInt(length).put(type).putInt((int) crc.getValue());
    }

    /** Writes the payload up to the relation numbers. */
    static void putBatch(ByteBuffer out, long forcedUpTo, ChangeBatch batch) {
        ChangeBatch.Extent extent = batch.extent();
        int flags = (extent.startsInside() ? STARTS_INSIDE : 0) | (extent.endsInside() ? ENDS_INSIDE : 0);
        out.putLong(forcedUpTo).putLong(extent.endLsn().value()).put((byte) flags);
        out.putLong(extent.changeCount()).putLong(extent.lastCommitMicros());
        out.putInt(batch.relations().size());
    }

    static boolean startsInside(int flags) {
        return (flags & STARTS_INSIDE) != 0;
    }

    static boolean endsInside(int flags) {
        return (flags & ENDS_INSIDE) != 0;
    }
}
