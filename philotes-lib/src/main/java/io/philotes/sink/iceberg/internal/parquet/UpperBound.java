// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** What stands above every value that begins with some bytes, in the order of unsigned bytes. Stateless. */
final class UpperBound {

    private UpperBound() {}

    /** Empty when nothing does: no byte but 255. */
    static Optional<byte[]> ofBytes(byte[] prefix, int length) {
        for (int last = length - 1; last >= 0; last--) {
            if (prefix[last] != -1) {
                byte[] above = Arrays.copyOf(prefix, last + 1);
                above[last]++;
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    /** The same in UTF-8, of whole characters and made of such; empty when there is no character but the last of all. */
    static Optional<byte[]> ofText(byte[] prefix, int length) {
        String text = new String(prefix, 0, length, StandardCharsets.UTF_8);
        for (int end = text.length(); end > 0; end = text.offsetByCodePoints(end, -1)) {
            int last = text.codePointBefore(end);
            if (last != Character.MAX_CODE_POINT) {
                String kept = text.substring(0, text.offsetByCodePoints(end, -1));
                return Optional.of((kept + Character.toString(next(last))).getBytes(StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /** How many of the bytes are whole characters of UTF-8; all but the last, or that too. */
    static int wholeCharacters(byte[] text, int length) {
        int last = length - 1;
        while (last > 0 && (text[last] & 0xC0) == 0x80) {
            last--;
        }
        return length == 0 || last + size(text[last]) > length ? Math.max(last, 0) : length;
    }

    private static int size(byte first) {
        if (first >= 0) {
            return 1;
        }
        return (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
    }

    /** Halves of pairs are no characters. */
    private static int next(int codePoint) {
        return codePoint + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : codePoint + 1;
    }
}
