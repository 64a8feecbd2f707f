// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.Lsn;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The beginning of a segment file, forced before the first record is written behind it.
 *
 * <pre>
 * segment   header | records, see {@link RecordFormat}
 * header    8 bytes "PHILBUFR" | int32 format (1) | int64 segment | int64 startsBehind | int64 previousLength
 *           | int64 openSegment | int64 openOffset | int32 CRC32C of the bytes before
 * </pre>
 *
 * @param segment the segment's number; numbers rise by one, and the file is named after it
 * @param startsBehind end LSN of the last whole transaction in the segments before
 * @param previousLength final length of the segment before, so that a shortened one is noticed; 0 when there was none
 * @param open where the first part of the transaction that is open at the beginning stands; {@link Place#NONE} if none is
 */
record SegmentHeader(long segment, Lsn startsBehind, long previousLength, Place open) {

    static final int LENGTH = 56;
    static final int FORMAT = 1;

    private static final long MAGIC = 0x5048494C_42554652L;
    private static final String SUFFIX = ".segment";

    /** What a header's bytes can be. */
    enum Check {
        VALID,
        TOO_NEW,
        INVALID
    }

    /** The segment's file name; the names sort like the numbers. */
    static String fileName(long segment) {
        return "0".repeat(16 - Long.toHexString(segment).length()) + Long.toHexString(segment) + SUFFIX;
    }

    /** The number in a segment's file name; -1 for any other file. */
    static long number(String fileName) {
        if (!fileName.matches("[0-9a-f]{16}\\.segment")) {
            return -1;
        }
        return Long.parseUnsignedLong(fileName.substring(0, 16), 16);
    }

    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        bytes.putLong(MAGIC).putInt(FORMAT).putLong(segment).putLong(startsBehind.value());
        bytes.putLong(previousLength).putLong(open.segment()).putLong(open.offset());
        bytes.putInt(crc(bytes.array()));
        return bytes.array();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, LENGTH - 4);
        return (int) crc.getValue();
    }

    static int format(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(8);
    }

    static Check check(byte[] bytes, long segment) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getLong(0) == MAGIC && in.getInt(8) > FORMAT) {
            return Check.TOO_NEW;
        }
        boolean valid = in.getLong(0) == MAGIC && in.getInt(8) == FORMAT && in.getLong(12) == segment;
        return valid && in.getInt(LENGTH - 4) == crc(bytes) ? Check.VALID : Check.INVALID;
    }

    /** Reads bytes that are {@link Check#VALID}. */
    static SegmentHeader decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 12, LENGTH - 12);
        return new SegmentHeader(
                in.getLong(), new Lsn(in.getLong()), in.getLong(), new Place(in.getLong(), in.getLong()));
    }
}
