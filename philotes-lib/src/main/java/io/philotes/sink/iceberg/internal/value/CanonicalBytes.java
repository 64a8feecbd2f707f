// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;
import java.util.Arrays;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Iceberg values as bytes, injective for a given list of types, and the same before and after a type was widened. Mutable:
 * grows with {@link #add}. Confined to one thread.
 *
 * <pre>
 * NULL                              0
 * number, date, time, timestamp     1 | int64
 * float, double                     1 | int64 bits of the double
 * decimal                           1 | int32 length | unscaled value, as few bytes as it needs
 * string, binary, uuid              1 | int32 length | bytes
 * list                              1 | int32 count | elements
 * </pre>
 */
final class CanonicalBytes {

    private byte[] bytes = new byte[64];
    private int length;

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void add(Type type, Slots slots, int at) {
        if (slots.isNull(at)) {
            addByte(0);
            return;
        }
        addByte(1);
        switch (type.typeId()) {
            case FLOAT -> addLong(Double.doubleToLongBits(Float.intBitsToFloat((int) slots.number(at))));
            case DECIMAL -> addDecimal(((Types.DecimalType) type).precision(), slots, at);
            case STRING, BINARY, UUID -> addBytes(slots.array(at), slots.offset(at), slots.length(at));
            case LIST -> addList(type.asListType().elementType(), slots.list(at));
            default -> addLong(slots.number(at));
        }
    }

    private void addDecimal(int precision, Slots slots, int at) {
        byte[] minimal = DecimalSlot.unscaled(precision, slots, at).toByteArray();
        addBytes(minimal, 0, minimal.length);
    }

    private void addList(Type elementType, Slots elements) {
        addInt(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            add(elementType, elements, i);
        }
    }

    private void addByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    private void addInt(int value) {
        ensure(4);
        BigEndian.putInt(bytes, length, value);
        length += 4;
    }

    private void addLong(long value) {
        ensure(8);
        BigEndian.putLong(bytes, length, value);
        length += 8;
    }

    private void addBytes(byte[] source, int offset, int count) {
        addInt(count);
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }
}
