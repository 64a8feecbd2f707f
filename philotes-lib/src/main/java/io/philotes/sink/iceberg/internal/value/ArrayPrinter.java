// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Arrays of any shape into the text that {@code array_out} prints: {@code [0:1][1:2]={{1,NULL},{"a b",""}}}. See
 * {@link ArrayDecoder} for the binary form.
 */
final class ArrayPrinter implements ValueDecoder {

    private static final int MAX_DIMENSIONS = 6;
    private static final byte[] NULL = {'N', 'U', 'L', 'L'};

    private final ValueDecoder element;
    private final boolean elementHasBinaryForm;

    ArrayPrinter(ValueDecoder element, boolean elementHasBinaryForm) {
        this.element = element;
        this.elementHasBinaryForm = elementHasBinaryForm;
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        if (element == CharDecoder.INSTANCE) {
            byte[] spelt = spelt(source, offset, length);
            out.setBytes(at, spelt, 0, spelt.length);
        } else {
            out.setBytes(at, source, offset, length);
        }
    }

    /**
     * What {@link CharDecoder} does for one, for each {@code "char"} that an old PostgreSQL printed as it is. Several such
     * bytes together are a character of UTF-8, which a database in another encoding sent.
     */
    private static byte[] spelt(byte[] source, int offset, int length) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            boolean isAlone = (i == offset || source[i - 1] >= 0) && (i + 1 == end || source[i + 1] >= 0);
            if (source[i] < 0 && isAlone) {
                String octal = Integer.toOctalString(source[i] & 0xFF);
                text.writeBytes(("\"\\\\" + octal + "\"").getBytes(StandardCharsets.US_ASCII));
            } else {
                text.write(source[i]);
            }
        }
        return text.toByteArray();
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        Run run = new Run(source, offset, length);
        run.print();
        byte[] text = run.text.toByteArray();
        out.setBytes(at, text, 0, text.length);
    }

    /** One value's way through. */
    private final class Run {

        private final byte[] source;
        private final int end;
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final Slots one = new Slots(1);
        private int[] sizes;
        private int from;

        Run(byte[] source, int offset, int length) {
            this.source = source;
            this.from = offset;
            this.end = offset + length;
        }

        void print() {
            int dimensions = nextInt();
            require(dimensions >= 0 && dimensions <= MAX_DIMENSIONS);
            nextInt();
            nextInt();
            sizes = new int[dimensions];
            int[] lowerBounds = new int[dimensions];
            boolean isEmpty = dimensions == 0;
            boolean isUsual = true;
            for (int i = 0; i < dimensions; i++) {
                sizes[i] = nextInt();
                lowerBounds[i] = nextInt();
                require(sizes[i] >= 0);
                isEmpty |= sizes[i] == 0;
                isUsual &= lowerBounds[i] == 1;
            }
            if (isEmpty) {
                ascii("{}");
            } else {
                if (!isUsual) {
                    bounds(lowerBounds);
                }
                dimension(0);
            }
            require(from == end);
        }

        private void bounds(int[] lowerBounds) {
            for (int i = 0; i < sizes.length; i++) {
                ascii("[" + lowerBounds[i] + ":" + (lowerBounds[i] + sizes[i] - 1) + "]");
            }
            text.write('=');
        }

        private void dimension(int depth) {
            text.write('{');
            for (int i = 0; i < sizes[depth]; i++) {
                if (i > 0) {
                    text.write(',');
                }
                if (depth + 1 < sizes.length) {
                    dimension(depth + 1);
                } else {
                    element();
                }
            }
            text.write('}');
        }

        private void element() {
            int length = nextInt();
            if (length == -1) {
                text.writeBytes(NULL);
                return;
            }
            require(length >= 0 && length <= end - from);
            if (elementHasBinaryForm) {
                element.binary(source, from, length, one, 0);
            } else {
                element.text(source, from, length, one, 0);
            }
            from += length;
            quoted(one.array(0), one.offset(0), one.length(0));
        }

        private void quoted(byte[] bytes, int offset, int length) {
            if (!needsQuotes(bytes, offset, length)) {
                text.write(bytes, offset, length);
                return;
            }
            text.write('"');
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '"' || bytes[i] == '\\') {
                    text.write('\\');
                }
                text.write(bytes[i]);
            }
            text.write('"');
        }

        private int nextInt() {
            require(end - from >= 4);
            int value = BigEndian.getInt(source, from);
            from += 4;
            return value;
        }

        private void ascii(String part) {
            text.writeBytes(part.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static boolean needsQuotes(byte[] bytes, int offset, int length) {
        if (length == 0 || isNullWord(bytes, offset, length)) {
            return true;
        }
        for (int i = offset; i < offset + length; i++) {
            switch (bytes[i]) {
                case '"', '\\', '{', '}', ',', ' ', '\t', '\n', '\r', 0x0B, '\f' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    /** In any mixture of cases. */
    private static boolean isNullWord(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (length != NULL.length || (bytes[offset + i] & ~0x20) != NULL[i]) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw BadValueException.malformed("an array");
        }
    }
}
