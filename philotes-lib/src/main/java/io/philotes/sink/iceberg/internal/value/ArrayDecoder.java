// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;

/**
 * One-dimensional arrays with lower bound 1, into a list. The binary form ({@code array_send}), all big-endian:
 *
 * <pre>
 * int32 dimensions | int32 flags | int32 element oid | per dimension: int32 size, int32 lower bound
 * per element: int32 length, -1 for NULL | that many bytes
 * </pre>
 */
final class ArrayDecoder implements ValueDecoder {

    private final ValueDecoder element;
    private final boolean elementHasBinaryForm;

    ArrayDecoder(ValueDecoder element, boolean elementHasBinaryForm) {
        this.element = element;
        this.elementHasBinaryForm = elementHasBinaryForm;
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        Slots list = out.startList(at);
        ArrayText text = new ArrayText(source, offset, length);
        while (text.next()) {
            int slot = list.add();
            if (!text.isNull()) {
                element.text(text.bytes(), text.from(), text.length(), list, slot);
            }
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        require(length >= 12);
        Slots list = out.startList(at);
        int dimensions = BigEndian.getInt(source, offset);
        if (dimensions == 0) {
            require(length == 12);
            return;
        }
        if (dimensions != 1) {
            throw moreDimensions();
        }
        require(length >= 20);
        int size = BigEndian.getInt(source, offset + 12);
        require(size >= 0);
        if (BigEndian.getInt(source, offset + 16) != 1) {
            throw otherLowerBound();
        }
        int from = offset + 20;
        int end = offset + length;
        for (int i = 0; i < size; i++) {
            from = element(source, from, end, list);
        }
        require(from == end);
    }

    private int element(byte[] source, int from, int end, Slots list) {
        require(end - from >= 4);
        int length = BigEndian.getInt(source, from);
        int start = from + 4;
        int slot = list.add();
        if (length == -1) {
            return start;
        }
        require(length >= 0 && length <= end - start);
        if (elementHasBinaryForm) {
            element.binary(source, start, length, list, slot);
        } else {
            element.text(source, start, length, list, slot);
        }
        return start + length;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw BadValueException.malformed("an array");
        }
    }

    static BadValueException moreDimensions() {
        return BadValueException.outOfRange("the array has more than one dimension");
    }

    static BadValueException otherLowerBound() {
        return BadValueException.outOfRange("the array's lower bound is not 1");
    }
}
