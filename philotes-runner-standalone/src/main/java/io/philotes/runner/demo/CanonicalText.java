// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.iceberg.types.Type;

/** One text for each value, however it is stored: the same for a source value and its image in the lake. */
final class CanonicalText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CanonicalText() {}

    /** An SQL expression that prints a column's value so that {@link #ofSource} understands it. */
    static String sourceExpression(String column, Type type) {
        return switch (type.typeId()) {
            case BINARY, FIXED -> "encode(" + column + ", 'hex')";
            case LIST -> "array_to_json(" + column + ")::text";
            case TIMESTAMP -> {
                boolean withZone = type.equals(org.apache.iceberg.types.Types.TimestampType.withZone());
                yield withZone
                        ? "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                        : "to_char(" + column + ", 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";
            }
            default -> column + "::text";
        };
    }

    /** @param printed what the expression gave, or null */
    static String ofSource(Type type, String printed) {
        if (printed == null) {
            return null;
        }
        return switch (type.typeId()) {
            case FLOAT -> Float.toString(Float.parseFloat(printed));
            case DOUBLE -> Double.toString(Double.parseDouble(printed));
            case TIMESTAMP ->
                printed.endsWith("Z")
                        ? Instant.parse(printed).toString()
                        : LocalDateTime.parse(printed).toString();
            case LIST -> reprinted(printed);
            default -> printed;
        };
    }

    /** @param value as Iceberg's generic reader gives it, or null */
    static String ofLake(Type type, Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return HexFormat.of().formatHex(copy);
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant().toString();
        }
        if (value instanceof List<?> list) {
            return printed(type.asListType().elementType(), list);
        }
        return value.toString();
    }

    private static String printed(Type elementType, List<?> list) {
        boolean asIs = elementType.typeId() == Type.TypeID.INTEGER || elementType.typeId() == Type.TypeID.LONG;
        List<Object> elements = new ArrayList<>();
        for (Object element : list) {
            elements.add(asIs ? element : ofLake(elementType, element));
        }
        try {
            return JSON.writeValueAsString(elements);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list has no JSON form", e);
        }
    }

    private static String reprinted(String json) {
        try {
            return JSON.writeValueAsString(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("PostgreSQL printed no JSON", e);
        }
    }
}
