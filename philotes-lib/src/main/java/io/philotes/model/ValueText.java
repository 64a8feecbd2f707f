// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import io.philotes.model.internal.DateTimePrinter;
import io.philotes.model.internal.FloatText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value into the text that PostgreSQL's output function prints, under the settings that the source pins (ISO dates, UTC,
 * shortest exact floating-point numbers, hexadecimal bytes). The text form is that already. Stateless.
 */
final class ValueText {

    private static final BigInteger NUMERIC_BASE = BigInteger.valueOf(10_000);

    private static final int NUMERIC_HEADER = 8;

    /** With every byte as a character. */
    private static final Pattern LONE_BYTE = Pattern.compile("(?<![\\x80-\\xFF])[\\x80-\\xFF](?![\\x80-\\xFF])");

    private ValueText() {}

    /** @throws MalformedBatchException when a binary value is not of its type */
    static String of(PgType type, TupleView tuple, int column) {
        byte[] bytes = tuple.bytes();
        int offset = tuple.offset(column);
        int length = tuple.length(column);
        return tuple.kind(column) == TupleView.BINARY
                ? binary(type, bytes, offset, length)
                : text(type, bytes, offset, length);
    }

    /** Before PostgreSQL 16 a {@code "char"} above 127 is that byte, alone and no UTF-8: it is spelt as newer ones do. */
    private static String text(PgType type, byte[] bytes, int offset, int length) {
        boolean mayBeNoText = type.element().orElse(type).name().equals("char");
        if (!mayBeNoText) {
            return utf8(bytes, offset, length);
        }
        Matcher raw = LONE_BYTE.matcher(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        boolean isArray = type.kind() == PgType.Kind.ARRAY;
        String spelt = raw.replaceAll(lone -> {
            String one = singleByte((byte) lone.group().charAt(0));
            return Matcher.quoteReplacement(isArray ? "\"\\" + one + '"' : one);
        });
        return new String(spelt.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** What does not travel in its send form is text, also inside an array. */
    static String binary(PgType type, byte[] bytes, int offset, int length) {
        if (type.kind() == PgType.Kind.ARRAY && BinaryForms.known(type)) {
            return new ArrayText(type.element().orElseThrow(), bytes, offset, length).print();
        }
        try {
            return type.kind() == PgType.Kind.BASE
                    ? base(type.name(), bytes, offset, length)
                    : utf8(bytes, offset, length);
        } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedBatchException("a value is no " + type.name() + " (" + e.getMessage() + ")");
        }
    }

    private static String base(String type, byte[] bytes, int offset, int length) {
        requireWidth(type, length);
        return switch (type) {
            case "bool" -> bytes[offset] == 0 ? "f" : "t";
            case "int2" -> Short.toString(BigEndian.getShort(bytes, offset));
            case "int4" -> Integer.toString(BigEndian.getInt(bytes, offset));
            case "int8" -> Long.toString(BigEndian.getLong(bytes, offset));
            case "oid" -> Integer.toUnsignedString(BigEndian.getInt(bytes, offset));
            case "float4" -> FloatText.of(Float.intBitsToFloat(BigEndian.getInt(bytes, offset)));
            case "float8" -> FloatText.of(Double.longBitsToDouble(BigEndian.getLong(bytes, offset)));
            case "numeric" -> numeric(bytes, offset, length);
            case "bytea" -> "\\x" + HexFormat.of().formatHex(bytes, offset, offset + length);
            case "date" -> DateTimePrinter.date(BigEndian.getInt(bytes, offset));
            case "time" -> DateTimePrinter.time(BigEndian.getLong(bytes, offset));
            case "timestamp" -> DateTimePrinter.timestamp(BigEndian.getLong(bytes, offset), "");
            case "timestamptz" -> DateTimePrinter.timestamp(BigEndian.getLong(bytes, offset), "+00");
            case "uuid" -> new UUID(BigEndian.getLong(bytes, offset), BigEndian.getLong(bytes, offset + 8)).toString();
            case "jsonb" -> jsonb(bytes, offset, length);
            case "char" -> singleByte(bytes[offset]);
            default -> utf8(bytes, offset, length);
        };
    }

    /** A value that is too short must not be completed by what stands behind it. */
    private static void requireWidth(String type, int length) {
        int width = switch (type) {
            case "bool", "char" -> 1;
            case "int2" -> 2;
            case "int4", "oid", "float4", "date" -> 4;
            case "int8", "float8", "time", "timestamp", "timestamptz" -> 8;
            case "uuid" -> 16;
            default -> length;
        };
        if (length != width) {
            throw new IllegalArgumentException("it has " + length + " bytes");
        }
    }

    private static String utf8(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    /** A version byte stands before the text. */
    private static String jsonb(byte[] bytes, int offset, int length) {
        if (length < 1 || bytes[offset] != 1) {
            throw new IllegalArgumentException("no jsonb of version 1");
        }
        return utf8(bytes, offset + 1, length - 1);
    }

    private static String singleByte(byte value) {
        if (value == 0) {
            return "";
        }
        return value > 0 ? Character.toString((char) value) : "\\" + Integer.toOctalString(value & 0xFF);
    }

    /** int16 count, weight, sign, dscale, then the digits, base 10000. */
    private static String numeric(byte[] bytes, int offset, int length) {
        int count = length < NUMERIC_HEADER ? -1 : Short.toUnsignedInt(BigEndian.getShort(bytes, offset));
        if (length != NUMERIC_HEADER + 2 * count) {
            throw new IllegalArgumentException("it has " + length + " bytes");
        }
        int weight = BigEndian.getShort(bytes, offset + 2);
        int sign = Short.toUnsignedInt(BigEndian.getShort(bytes, offset + 4));
        int dscale = BigEndian.getShort(bytes, offset + 6);
        return switch (sign) {
            case 0xC000 -> "NaN";
            case 0xD000 -> "Infinity";
            case 0xF000 -> "-Infinity";
            default -> {
                BigInteger digits = BigInteger.ZERO;
                for (int i = 0; i < count; i++) {
                    digits = digits.multiply(NUMERIC_BASE)
                            .add(BigInteger.valueOf(BigEndian.getShort(bytes, offset + 8 + 2 * i)));
                }
                BigDecimal value = new BigDecimal(digits, 4 * (count - 1 - weight)).setScale(dscale);
                yield (sign == 0 ? value : value.negate()).toPlainString();
            }
        };
    }
}
