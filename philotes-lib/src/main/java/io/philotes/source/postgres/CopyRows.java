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
    private byte[] rest = new byte[0];
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
            int end = stage == Stage.HEADER ? endOfHeader(bytes) : endOfRow(bytes, at);
            if (end < 0) {
                rest = at == bytes.length ? new byte[0] : Arrays.copyOfRange(bytes, at, bytes.length);
                return;
            }
            if (stage == Stage.HEADER) {
                stage = Stage.ROWS;
            } else {
                rowOrTrailer(bytes, at, end);
            }
            at = end;
        }
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, Math.addExact(a.length, b.length));
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static int endOfHeader(byte[] bytes) {
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
        return extension <= bytes.length - FIXED_HEADER ? FIXED_HEADER + extension : -1;
    }

    /** Offset behind the row or trailer at {@code start}; -1 when it is not all here. */
    private int endOfRow(byte[] bytes, int start) {
        if (bytes.length - start < 2) {
            return -1;
        }
        if (stage == Stage.ENDED) {
            throw malformed("end");
        }
        int fields = BigEndian.getShort(bytes, start);
        if (fields == -1) {
            return start + 2;
        }
        if (fields != columns) {
            throw malformed("field count");
        }
        long end = start + 2;
        for (int i = 0; i < fields && end >= 0; i++) {
            end = endOfField(bytes, end, start);
        }
        return (int) end;
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

    private void rowOrTrailer(byte[] bytes, int start, int end) {
        if (BigEndian.getShort(bytes, start) == -1) {
            stage = Stage.ENDED;
            return;
        }
        view.readCopyTuple(bytes, start, end);
        count++;
        consumer.accept(view);
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
