// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/** A growing array of bytes, with numbers in Parquet's order, little-endian. Confined to one thread. */
final class PageBytes {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NONE = new byte[0];
    private static final int FIRST_SIZE = 64;

    /** Above it a buffer grows by half: files of many tables are open at a time. */
    private static final int GENEROUS = 1 << 16;

    /** A longer array, which one value was too long for the others, is not kept for what comes next. */
    static final int MOST_KEPT = 1 << 22;

    private byte[] bytes = NONE;
    private int length;

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = NONE;
        }
    }

    /** A view; of an array parquet-java would make copies. */
    BytesInput view() {
        return BytesInput.from(ByteBuffer.wrap(bytes, 0, length));
    }

    void addByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    void addInt(int value) {
        ensure(4);
        INT.set(bytes, length, value);
        length += 4;
    }

    void addLong(long value) {
        ensure(8);
        LONG.set(bytes, length, value);
        length += 8;
    }

    void add(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** A length as an int, then the bytes. */
    void addSized(byte[] source, int offset, int count) {
        addInt(count);
        add(source, offset, count);
    }

    int intAt(int at) {
        return (int) INT.get(bytes, at);
    }

    long longAt(int at) {
        return (long) LONG.get(bytes, at);
    }

    void putInt(int at, int value) {
        INT.set(bytes, at, value);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) length + more;
        long grown = bytes.length < GENEROUS ? bytes.length * 2L : bytes.length + (bytes.length >> 1);
        long size = Math.max(Math.max(needed, FIRST_SIZE), Math.min(grown, Integer.MAX_VALUE - 8L));
        bytes = Arrays.copyOf(bytes, Math.toIntExact(size));
    }
}
