// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.BigEndian;
import io.philotes.model.TupleView;
import io.philotes.source.RowConsumer;
import java.util.Arrays;

/**
 * Takes the bytes of a binary COPY in chunks of any size and gives out the rows. Holds no more than one unfinished row.
 * Confined to one thread.
 *
 * <pre>
 * header    11 bytes "PGCOPY\n\377\r\n\0" | int32 flags | int32 length of the extension | extension
 * row       int16 field count | per field int32 length, -1 for NULL | value
 * trailer   int16 -1
 * </pre>
 */
final class CopyRows {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int FIXED_HEADER = SIGNATURE.length + 8;
    private static final byte[] NOTHING = {};

    private enum Stage {
        HEADER,
        ROWS,
        ENDED
    }

    private final int columns;
    private final int maxRowBytes;
    private final RowConsumer consumer;
    private final TupleView view = new TupleView();

    private Stage stage = Stage.HEADER;
    private byte[] rest = NOTHING;
    private long count;

    CopyRows(int columns, int maxRowBytes, RowConsumer consumer) {
        this.columns = columns;
        this.maxRowBytes = maxRowBytes;
        this.consumer = consumer;
    }

    /** Takes the next chunk; the array must not change afterwards. */
    void accept(byte[] chunk) {
        byte[] bytes = rest.length == 0 ? chunk : joined(rest, chunk);
        int at = 0;
        while (true) {
            int end = stage == Stage.HEADER ? header(bytes) : rowOrTrailer(bytes, at);
            if (end < 0) {
                rest = at == bytes.length ? NOTHING : Arrays.copyOfRange(bytes, at, bytes.length);
                return;
            }
            at = end;
        }
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, Math.addExact(a.length, b.length));
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** Takes the header and returns the offset behind it; -1 when it is not all here. */
    private int header(byte[] bytes) {
        if (bytes.length < FIXED_HEADER) {
            return -1;
        }
        if (Arrays.mismatch(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length) >= 0) {
            throw malformed("signature");
        }
        int flags = BigEndian.getInt(bytes, SIGNATURE.length);
        int extension = BigEndian.getInt(bytes, SIGNATURE.length + 4);
        if (flags != 0 || extension < 0) {
            throw malformed("header");
        }
        if (extension > bytes.length - FIXED_HEADER) {
            return -1;
        }
        stage = Stage.ROWS;
        return FIXED_HEADER + extension;
    }

    /** Takes the row or trailer at {@code start} and returns the offset behind it; -1 when it is not all here. */
    private int rowOrTrailer(byte[] bytes, int start) {
        if (bytes.length - start < 2) {
            return -1;
        }
        if (stage == Stage.ENDED) {
            throw malformed("end");
        }
        int fields = BigEndian.getShort(bytes, start);
        if (fields == -1) {
            stage = Stage.ENDED;
            return start + 2;
        }
        if (fields != columns) {
            throw malformed("field count");
        }
        int end = view.readWholeCopyTuple(bytes, start, bytes.length);
        if (end < 0 || end - start > maxRowBytes) {
            requirePart(bytes, start);
            return -1;
        }
        count++;
        consumer.accept(view);
        return end;
    }

    /** Throws unless what is here of a row is the beginning of one that may be taken. */
    private void requirePart(byte[] bytes, int start) {
        long end = start + 2;
        for (int i = 0; i < columns && end >= 0; i++) {
            end = endOfField(bytes, end, start);
        }
    }

    private long endOfField(byte[] bytes, long at, int start) {
        if (at + 4 > bytes.length) {
            return -1;
        }
        int length = BigEndian.getInt(bytes, (int) at);
        if (length < -1) {
            throw malformed("field length");
        }
        long end = at + 4 + Math.max(length, 0);
        if (end - start > maxRowBytes) {
            throw new PhilotesException(
                    ErrorCode.ROW_TOO_LARGE,
                    "Cannot copy a row of at least " + (end - start) + " bytes: the limit is " + maxRowBytes);
        }
        return end <= bytes.length ? end : -1;
    }

    /** After the last chunk: how many rows there were; throws when the trailer has not come. */
    long finish() {
        if (stage != Stage.ENDED || rest.length > 0) {
            throw malformed("end: there is no trailer");
        }
        return count;
    }

    private static PhilotesException malformed(String what) {
        return new PhilotesException(
                ErrorCode.PROTOCOL, "Cannot read a table copy: its stream is malformed at its " + what);
    }
}
