// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.nio.charset.StandardCharsets;

/** numeric into text: byte for byte what {@code numeric_out} prints, with every trailing zero. */
final class NumericTextDecoder implements ValueDecoder {

    static final NumericTextDecoder INSTANCE = new NumericTextDecoder();

    private static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MINUS_INFINITY = "-Infinity".getBytes(StandardCharsets.US_ASCII);

    private NumericTextDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        out.setBytes(at, source, offset, length);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        NumericWire.check(source, offset, length);
        switch (NumericWire.sign(source, offset)) {
            case NumericWire.NAN -> out.setBytes(at, NAN, 0, NAN.length);
            case NumericWire.POSITIVE_INFINITY -> out.setBytes(at, INFINITY, 0, INFINITY.length);
            case NumericWire.NEGATIVE_INFINITY -> out.setBytes(at, MINUS_INFINITY, 0, MINUS_INFINITY.length);
            default -> print(source, offset, out, at);
        }
    }

    private static void print(byte[] source, int offset, Slots out, int at) {
        int weight = NumericWire.weight(source, offset);
        int dscale = NumericWire.dscale(source, offset);
        int integerDigits = Math.max(1, 4 * (weight + 1));
        byte[] text = out.ownBytes(at, 1 + integerDigits + 1 + dscale + 3);
        int end = 0;
        if (NumericWire.sign(source, offset) == NumericWire.NEGATIVE) {
            text[end++] = '-';
        }
        end = printInteger(source, offset, weight, text, end);
        if (dscale > 0) {
            text[end++] = '.';
            printFraction(source, offset, weight, dscale, text, end);
            end += dscale;
        }
        out.setBytes(at, text, 0, end);
    }

    private static int printInteger(byte[] source, int offset, int weight, byte[] text, int from) {
        if (weight < 0) {
            text[from] = '0';
            return from + 1;
        }
        int end = from;
        for (int i = 0; i <= weight; i++) {
            int digit = digitOrZero(source, offset, i);
            if (i > 0) {
                printFour(digit, text, end);
                end += 4;
            } else {
                end = printFirst(digit, text, end);
            }
        }
        return end;
    }

    private static int printFirst(int digit, byte[] text, int from) {
        int end = from;
        for (int power = 1000; power > 0; power /= 10) {
            if (digit >= power || power == 1) {
                text[end++] = (byte) ('0' + digit / power % 10);
            }
        }
        return end;
    }

    /** Prints whole groups of four; the caller cuts off what is behind dscale. */
    private static void printFraction(byte[] source, int offset, int weight, int dscale, byte[] text, int from) {
        for (int done = 0; done < dscale; done += 4) {
            printFour(digitOrZero(source, offset, weight + 1 + done / 4), text, from + done);
        }
    }

    private static void printFour(int digit, byte[] text, int at) {
        text[at] = (byte) ('0' + digit / 1000);
        text[at + 1] = (byte) ('0' + digit / 100 % 10);
        text[at + 2] = (byte) ('0' + digit / 10 % 10);
        text[at + 3] = (byte) ('0' + digit % 10);
    }

    private static int digitOrZero(byte[] source, int offset, int i) {
        return i >= 0 && i < NumericWire.count(source, offset) ? NumericWire.digit(source, offset, i) : 0;
    }
}
