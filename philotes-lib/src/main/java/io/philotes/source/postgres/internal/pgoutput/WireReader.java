// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.BigEndian;
import io.philotes.model.Lsn;
import io.philotes.model.TupleView;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A position in one message; every step is checked against the message's end. Confined to one thread. */
final class WireReader {

    private final byte[] bytes;
    private final int limit;
    private int at;

    WireReader(byte[] bytes, int offset, int limit) {
        this.bytes = bytes;
        this.at = offset;
        this.limit = limit;
    }

    static PhilotesException malformed(String what) {
        return new PhilotesException(
                ErrorCode.PROTOCOL,
                "Cannot decode a replication message: it ends early or is malformed at its " + what);
    }

    private int take(int count, String what) {
        if (count < 0 || count > limit - at) {
            throw malformed(what);
        }
        int start = at;
        at += count;
        return start;
    }

    byte int8(String what) {
        return bytes[take(1, what)];
    }

    int int32(String what) {
        return BigEndian.getInt(bytes, take(4, what));
    }

    long int64(String what) {
        return BigEndian.getLong(bytes, take(8, what));
    }

    Lsn lsn(String what) {
        return new Lsn(int64(what));
    }

    int count16(String what) {
        int count = BigEndian.getShort(bytes, take(2, what));
        if (count < 0) {
            throw malformed(what);
        }
        return count;
    }

    void expect(byte expected, String what) {
        if (int8(what) != expected) {
            throw malformed(what);
        }
    }

    /** Passes over so many bytes; the answer is where they begin. */
    int skip(int count, String what) {
        return take(count, what);
    }

    int remaining() {
        return limit - at;
    }

    void requireEnd() {
        if (at != limit) {
            throw malformed("end");
        }
    }

    /** A zero-terminated UTF-8 string; ill-formed text is refused, not replaced. */
    String string(String what) {
        int start = at;
        while (int8(what) != 0) {
            continue;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, at - 1 - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(what);
        }
    }

    /** Walks over one TupleData. */
    TupleRange tuple() {
        int start = at;
        int columns = count16("tuple column count");
        for (int i = 0; i < columns; i++) {
            byte kind = int8("tuple column kind");
            if (kind == TupleView.TEXT || kind == TupleView.BINARY) {
                skip(int32("tuple value length"), "tuple value");
            } else if (kind != TupleView.NULL && kind != TupleView.UNCHANGED) {
                throw malformed("tuple column kind " + kind);
            }
        }
        return new TupleRange(start, at - start, columns);
    }
}
