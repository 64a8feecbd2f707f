// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;
import io.philotes.model.internal.DateTimePrinter;
import io.philotes.model.internal.FloatText;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A type into the text that its output function prints under the settings that the source pins (ISO dates, UTC, shortest
 * exact floating-point numbers, hexadecimal bytes). The text form is that text already; the binary form is printed here.
 */
final class PrintingDecoder implements ValueDecoder {

    /** Prints the binary form of a type with values of one length. */
    @FunctionalInterface
    private interface Printer {
        String print(byte[] source, int offset);
    }

    private static final int VARIABLE = -1;

    static final PrintingDecoder BOOL = new PrintingDecoder("a boolean", 1, PrintingDecoder::bool);
    static final PrintingDecoder INT2 =
            new PrintingDecoder("an int2", 2, (s, o) -> Short.toString(BigEndian.getShort(s, o)));
    static final PrintingDecoder INT4 =
            new PrintingDecoder("an int4", 4, (s, o) -> Integer.toString(BigEndian.getInt(s, o)));
    static final PrintingDecoder INT8 =
            new PrintingDecoder("an int8", 8, (s, o) -> Long.toString(BigEndian.getLong(s, o)));
    static final PrintingDecoder OID =
            new PrintingDecoder("an oid", 4, (s, o) -> Integer.toUnsignedString(BigEndian.getInt(s, o)));
    static final PrintingDecoder FLOAT4 =
            new PrintingDecoder("a float4", 4, (s, o) -> FloatText.of(Float.intBitsToFloat(BigEndian.getInt(s, o))));
    static final PrintingDecoder FLOAT8 = new PrintingDecoder(
            "a float8", 8, (s, o) -> FloatText.of(Double.longBitsToDouble(BigEndian.getLong(s, o))));
    static final PrintingDecoder DATE =
            new PrintingDecoder("a date", 4, (s, o) -> DateTimePrinter.date(BigEndian.getInt(s, o)));
    static final PrintingDecoder TIME = new PrintingDecoder("a time", 8, PrintingDecoder::time);
    static final PrintingDecoder TIMESTAMP =
            new PrintingDecoder("a timestamp", 8, (s, o) -> DateTimePrinter.timestamp(BigEndian.getLong(s, o), ""));
    static final PrintingDecoder TIMESTAMPTZ =
            new PrintingDecoder("a timestamp", 8, (s, o) -> DateTimePrinter.timestamp(BigEndian.getLong(s, o), "+00"));
    static final PrintingDecoder UUID = new PrintingDecoder(
            "a uuid",
            16,
            (s, o) -> new java.util.UUID(BigEndian.getLong(s, o), BigEndian.getLong(s, o + 8)).toString());
    static final PrintingDecoder BYTEA = new PrintingDecoder("a bytea", VARIABLE, null);

    private final String what;
    private final int width;
    private final Printer printer;

    private PrintingDecoder(String what, int width, Printer printer) {
        this.what = what;
        this.width = width;
        this.printer = printer;
    }

    private static String time(byte[] source, int offset) {
        try {
            return DateTimePrinter.time(BigEndian.getLong(source, offset));
        } catch (IllegalArgumentException e) {
            throw BadValueException.malformed("a time");
        }
    }

    private static String bool(byte[] source, int offset) {
        return switch (source[offset]) {
            case 0 -> "f";
            case 1 -> "t";
            default -> throw BadValueException.malformed("a boolean");
        };
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        out.setBytes(at, source, offset, length);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (width != VARIABLE && length != width) {
            throw BadValueException.malformed(what);
        }
        String text = width == VARIABLE
                ? "\\x" + HexFormat.of().formatHex(source, offset, offset + length)
                : printer.print(source, offset);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.setBytes(at, bytes, 0, bytes.length);
    }
}
