// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.postgresql.PGConnection;

/**
 * Rows of a source table and of its target, by id (the first column), each value as the text that PostgreSQL's output
 * function gives; only floating-point numbers and decimals are brought into one form, by their value.
 */
public final class ExactRows {

    private static final String[] PINNED = {
        "SET datestyle = 'ISO, YMD'",
        "SET intervalstyle = 'postgres'",
        "SET timezone = 'UTC'",
        "SET bytea_output = 'hex'",
        "SET extra_float_digits = 3",
        "SET lc_monetary = 'C'",
        "SET xmlbinary = 'base64'",
        "SET search_path = 'pg_catalog'",
        "SET quote_all_identifiers = off",
        "SET row_security = off",
    };

    private ExactRows() {}

    /** What the source holds, printed for the types of {@code target}'s columns. */
    public static Map<Integer, List<String>> ofSource(Connection source, String table, Table target)
            throws SQLException {
        try (Statement statement = source.createStatement()) {
            for (String setting : PINNED) {
                statement.execute(setting);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            source.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + table + " TO STDOUT", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Integer, List<String>> rows = new TreeMap<>();
        List<Types.NestedField> fields = target.schema().columns();
        for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
            String[] values = line.split("\t", -1);
            List<String> row = new ArrayList<>();
            for (int i = 1; i < values.length; i++) {
                row.add(canonical(fields.get(i).type(), unescaped(values[i])));
            }
            rows.put(Integer.valueOf(values[0]), row);
        }
        return rows;
    }

    /** COPY's text: {@code \N} is NULL, a backslash takes the next character's special meaning away or gives it one. */
    private static String unescaped(String value) {
        if (value.equals("\\N")) {
            return null;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                char next = value.charAt(++i);
                int special = "bfnrtv".indexOf(next);
                plain.append(special < 0 ? next : "\b\f\n\r\t\u000b".charAt(special));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String canonical(Type type, String text) {
        if (text == null) {
            return null;
        }
        return switch (type.typeId()) {
            case FLOAT -> Float.toString(Float.parseFloat(text));
            case DOUBLE -> Double.toString(Double.parseDouble(text));
            case DECIMAL ->
                new BigDecimal(text)
                        .setScale(((Types.DecimalType) type).scale())
                        .toPlainString();
            case LIST -> canonicalList(type.asListType().elementType(), text);
            default -> text;
        };
    }

    private static String canonicalList(Type element, String text) {
        boolean isNumber = List.of(TypeID.FLOAT, TypeID.DOUBLE, TypeID.DECIMAL).contains(element.typeId());
        if (!isNumber || text.equals("{}")) {
            return text;
        }
        return Arrays.stream(text.substring(1, text.length() - 1).split(","))
                .map(one -> one.equals("NULL") ? one : canonical(element, one))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** What a reader sees in the target. */
    public static Map<Integer, List<String>> ofTarget(Table target) {
        target.refresh();
        List<Types.NestedField> fields = target.schema().columns();
        Map<Integer, List<String>> rows = new TreeMap<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(target).build()) {
            for (Record record : records) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i < fields.size(); i++) {
                    row.add(printed(record.get(i)));
                }
                rows.put((Integer) record.get(0), row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static String printed(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Boolean yes) {
            return yes ? "t" : "f";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof LocalDate date) {
            return day(date) + era(date);
        }
        if (value instanceof LocalTime time) {
            return PgText.of(time);
        }
        if (value instanceof LocalDateTime at) {
            return day(at.toLocalDate()) + " " + PgText.of(at.toLocalTime()) + era(at.toLocalDate());
        }
        if (value instanceof OffsetDateTime at) {
            LocalDateTime utc = at.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
            return day(utc.toLocalDate()) + " " + PgText.of(utc.toLocalTime()) + "+00" + era(utc.toLocalDate());
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return "\\x" + HexFormat.of().formatHex(copy);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ExactRows::element).collect(Collectors.joining(",", "{", "}"));
        }
        return value.toString();
    }

    private static String day(LocalDate date) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return String.format(java.util.Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    /** As {@code array_out} quotes it. */
    private static String element(Object value) {
        if (value == null) {
            return "NULL";
        }
        String text = printed(value);
        boolean plain = !text.isEmpty()
                && !text.equalsIgnoreCase("NULL")
                && !text.matches("(?s).*[\"\\\\{}, \t\n\r\u000b\f].*");
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
