// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes messages as the server does. */
public final class WireWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public WireWriter int8(int value) {
        out.write(value);
        return this;
    }

    public WireWriter int16(int value) {
        return int8(value >> 8).int8(value);
    }

    public WireWriter int32(int value) {
        return int16(value >> 16).int16(value);
    }

    public WireWriter int64(long value) {
        return int32((int) (value >> 32)).int32((int) value);
    }

    public WireWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public WireWriter string(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    /** A TupleData of text values; an empty one is written as NULL. */
    public WireWriter tuple(List<byte[]> values) {
        int16(values.size());
        for (byte[] value : values) {
            if (value.length == 0) {
                int8('n');
            } else {
                int8('t').int32(value.length).raw(value);
            }
        }
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
