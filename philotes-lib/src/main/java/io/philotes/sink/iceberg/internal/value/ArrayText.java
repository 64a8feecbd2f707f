// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.Arrays;

/**
 * Walks the elements of an array as PostgreSQL prints it: {@code {1,NULL,"a \"b\""}}. Elements without escapes stay where
 * they are. Mutable, for one value.
 */
final class ArrayText {

    private final byte[] source;
    private final int end;
    private int at;
    private boolean first = true;
    private byte[] bytes;
    private int from;
    private int length;
    private boolean isNull;

    ArrayText(byte[] source, int offset, int length) {
        this.source = source;
        this.at = offset;
        this.end = offset + length;
        if (length > 0 && source[offset] == '[') {
            throw hasMoreBounds() ? ArrayDecoder.moreDimensions() : ArrayDecoder.otherLowerBound();
        }
        if (length < 2 || source[offset] != '{' || source[end - 1] != '}') {
            throw malformed();
        }
        at++;
    }

    /** {@code [1:2][1:2]={…}} against {@code [0:1]={…}}. */
    private boolean hasMoreBounds() {
        for (int i = at; i + 1 < end && source[i] != '='; i++) {
            if (source[i] == ']' && source[i + 1] == '[') {
                return true;
            }
        }
        return false;
    }

    /** Moves to the next element; false at the end. */
    boolean next() {
        if (source[at] == '}') {
            if (at != end - 1) {
                throw malformed();
            }
            return false;
        }
        if (!first && source[at++] != ',') {
            throw malformed();
        }
        first = false;
        switch (source[at]) {
            case '{' -> throw ArrayDecoder.moreDimensions();
            case '"' -> quoted();
            default -> plain();
        }
        return true;
    }

    private void plain() {
        int start = at;
        while (source[at] != ',' && source[at] != '}') {
            if (source[at] == '"' || source[at] == '\\' || source[at] == '{') {
                throw malformed();
            }
            at++;
        }
        if (at == start || (source[at] == '}' && at != end - 1)) {
            throw malformed();
        }
        element(source, start, at - start);
        isNull = length == 4
                && source[start] == 'N'
                && source[start + 1] == 'U'
                && source[start + 2] == 'L'
                && source[start + 3] == 'L';
    }

    private void quoted() {
        int start = ++at;
        while (at < end && source[at] != '"') {
            if (source[at] == '\\') {
                unescape(start);
                return;
            }
            at++;
        }
        closeQuote();
        element(source, start, at - 1 - start);
    }

    private void unescape(int start) {
        byte[] plain = Arrays.copyOfRange(source, start, end);
        int to = at - start;
        while (at < end && source[at] != '"') {
            if (source[at] == '\\') {
                at++;
            }
            if (at < end) {
                plain[to++] = source[at++];
            }
        }
        closeQuote();
        element(plain, 0, to);
    }

    private void closeQuote() {
        if (at >= end - 1) {
            throw malformed();
        }
        at++;
    }

    private void element(byte[] holder, int start, int count) {
        bytes = holder;
        from = start;
        length = count;
        isNull = false;
    }

    boolean isNull() {
        return isNull;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int length() {
        return length;
    }

    private static BadValueException malformed() {
        return BadValueException.malformed("an array");
    }
}
