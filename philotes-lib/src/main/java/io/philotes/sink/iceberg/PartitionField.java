// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/**
 * One partition transform as users write it: {@code column}, {@code identity(column)}, {@code year|month|day|hour(column)},
 * {@code bucket(n, column)}, {@code truncate(width, column)}, {@code void(column)}. Immutable.
 *
 * @param transform the transform's name, lower case
 * @param parameter n or width; 0 where there is none
 * @param column the source column, as in the Iceberg schema
 */
record PartitionField(String transform, int parameter, String column) {

    private static final Pattern CALL =
            Pattern.compile("\\s*(\\w+)\\s*\\(\\s*(?:(\\d{1,9})\\s*,\\s*)?(.+?)\\s*\\)\\s*");
    private static final List<String> PLAIN = List.of("identity", "year", "month", "day", "hour", "void");
    private static final List<String> PARAMETRIC = List.of("bucket", "truncate");

    /** Reads one transform; throws {@link IllegalArgumentException} that says what is wrong with it. */
    static PartitionField parse(String text) {
        Matcher call = CALL.matcher(text);
        if (!call.matches()) {
            if (text.isBlank() || text.contains("(") || text.contains(")")) {
                throw new IllegalArgumentException("not a partition transform: '" + text + "'");
            }
            return new PartitionField("identity", 0, text.strip());
        }
        String transform = call.group(1).toLowerCase(Locale.ROOT);
        boolean hasParameter = call.group(2) != null;
        if (!(hasParameter ? PARAMETRIC : PLAIN).contains(transform)) {
            throw new IllegalArgumentException("unknown partition transform, or a wrong number of arguments: '" + text
                    + "'; known are bucket(n, column), truncate(width, column) and " + PLAIN);
        }
        int parameter = hasParameter ? Integer.parseInt(call.group(2)) : 0;
        if (hasParameter && parameter == 0) {
            throw new IllegalArgumentException("must be positive: '" + text + "'");
        }
        return new PartitionField(transform, parameter, call.group(3));
    }

    /** What is wrong with a text; empty when nothing is. */
    static Optional<String> faultIn(String text) {
        try {
            parse(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The spec of a new table; throws {@link IllegalArgumentException} when a column is missing or of a wrong type. */
    static PartitionSpec spec(Schema schema, List<String> texts) {
        PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
        for (String text : texts) {
            PartitionField field = parse(text);
            Types.NestedField source = schema.findField(field.column());
            if (source == null) {
                throw new IllegalArgumentException(
                        "no column '" + field.column() + "' to partition by: '" + text + "'");
            }
            field.requireOrder(source.type());
            field.addTo(builder);
        }
        try {
            return builder.build();
        } catch (org.apache.iceberg.exceptions.ValidationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** A manifest has bounds of its partitions: of uuids, in an order that is Iceberg's in Java and not that of other readers. */
    private void requireOrder(Type type) {
        if (transform.equals("identity") && type.typeId() == TypeID.UUID) {
            throw new IllegalArgumentException("a uuid is no partition itself, for readers do not agree on the order of"
                    + " uuids and would leave rows out: take 'bucket(16, " + column + ")'");
        }
    }

    /** What of a table's partitioning is not what these fields say; empty when nothing is. */
    static Optional<String> otherwise(Table table, List<String> texts) {
        try {
            return table.spec().compatibleWith(spec(table.schema(), texts))
                    ? Optional.empty()
                    : Optional.of("it stays " + text(table) + ", for a target is partitioned when it is created");
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static String text(Table table) {
        String fields = table.spec().fields().stream()
                .map(field -> field.transform() + "(" + table.schema().findColumnName(field.sourceId()) + ")")
                .collect(Collectors.joining(", "));
        return fields.isEmpty() ? "without partitions" : "partitioned by " + fields;
    }

    private void addTo(PartitionSpec.Builder builder) {
        switch (transform) {
            case "year" -> builder.year(column);
            case "month" -> builder.month(column);
            case "day" -> builder.day(column);
            case "hour" -> builder.hour(column);
            case "void" -> builder.alwaysNull(column);
            case "bucket" -> builder.bucket(column, parameter);
            case "truncate" -> builder.truncate(column, parameter);
            default -> builder.identity(column);
        }
    }
}
