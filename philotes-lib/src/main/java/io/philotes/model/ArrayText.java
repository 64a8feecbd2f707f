// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

/**
 * An array's binary form into the text that {@code array_out} prints: {@code [0:1][1:2]={{1,NULL},{"a b",""}}}. Used once.
 *
 * <pre>
 * int32 dimensions | int32 flags | int32 element oid | dimensions × (int32 size | int32 lower bound)
 * element   int32 length, -1 for NULL | that many bytes
 * </pre>
 */
final class ArrayText {

    private static final int MAX_DIMENSIONS = 6;

    private final PgType element;
    private final byte[] bytes;
    private final int end;
    private final StringBuilder text = new StringBuilder();
    private int[] sizes;
    private int at;

    ArrayText(PgType element, byte[] bytes, int offset, int length) {
        this.element = element;
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    String print() {
        int dimensions = nextInt();
        require(dimensions >= 0 && dimensions <= MAX_DIMENSIONS);
        nextInt();
        nextInt();
        sizes = new int[dimensions];
        StringBuilder bounds = new StringBuilder();
        boolean isEmpty = dimensions == 0;
        boolean isUsual = true;
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = nextInt();
            int lower = nextInt();
            require(sizes[i] >= 0);
            isEmpty |= sizes[i] == 0;
            isUsual &= lower == 1;
            bounds.append('[')
                    .append(lower)
                    .append(':')
                    .append(lower + sizes[i] - 1)
                    .append(']');
        }
        if (isEmpty) {
            return "{}";
        }
        if (!isUsual) {
            text.append(bounds).append('=');
        }
        dimension(0);
        return text.toString();
    }

    private void dimension(int depth) {
        text.append('{');
        for (int i = 0; i < sizes[depth]; i++) {
            if (i > 0) {
                text.append(',');
            }
            if (depth + 1 < sizes.length) {
                dimension(depth + 1);
            } else {
                element();
            }
        }
        text.append('}');
    }

    private void element() {
        int length = nextInt();
        if (length == -1) {
            text.append("NULL");
            return;
        }
        require(length >= 0 && length <= end - at);
        String value = ValueText.binary(element, bytes, at, length);
        at += length;
        if (!needsQuotes(value)) {
            text.append(value);
            return;
        }
        text.append('"')
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"');
    }

    private static boolean needsQuotes(String value) {
        return value.isEmpty()
                || value.equalsIgnoreCase("NULL")
                || value.chars().anyMatch(c -> "\"\\{}, \t\n\r\u000B\f".indexOf(c) >= 0);
    }

    private int nextInt() {
        require(end - at >= 4);
        at += 4;
        return BigEndian.getInt(bytes, at - 4);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new MalformedBatchException("a value is no array");
        }
    }
}
