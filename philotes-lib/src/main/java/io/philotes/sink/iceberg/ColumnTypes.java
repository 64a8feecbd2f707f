// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The source types of a table's columns, kept in a property of the target. {@code ALTER COLUMN TYPE} rewrites the source's
 * rows and sends none of them, and where the target's type can stay, nothing else would show that older rows are others now.
 * Immutable.
 *
 * @param byAttnum type and modifier of each column
 */
record ColumnTypes(Map<Integer, SourceType> byAttnum) {

    /** The table property. */
    static final String PROPERTY = "philotes.column-types";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One column's type.
     *
     * @param name the type's name
     * @param modifier {@code atttypmod}, -1 for none
     */
    record SourceType(String name, int modifier) {

        private static final List<String> INTEGERS = List.of("int2", "int4", "int8");
        private static final List<String> FLOATS = List.of("float4", "float8");
        private static final List<String> TEXTS = List.of("varchar", "text");
        private static final List<String> FRACTIONS = List.of("time", "timetz", "timestamp", "timestamptz");

        /** Whether PostgreSQL's own conversion to the other type leaves every value as it was. */
        boolean keepsValuesAs(SourceType other) {
            if (equals(other)) {
                return true;
            }
            boolean sameName = name.equals(other.name);
            boolean neverNarrower = other.modifier == -1 || (modifier != -1 && modifier <= other.modifier);
            if (sameName && name.equals("numeric")) {
                return modifier != -1 && other.modifier != -1 && scale() == other.scale() && neverNarrower;
            }
            return (sameName && FRACTIONS.contains(name) && neverNarrower)
                    || (TEXTS.contains(name) && TEXTS.contains(other.name) && neverNarrower)
                    || widens(INTEGERS, other)
                    || widens(FLOATS, other);
        }

        private int scale() {
            return modifier - 4 & 0x7ff;
        }

        private boolean widens(List<String> narrowFirst, SourceType other) {
            return narrowFirst.contains(name) && narrowFirst.indexOf(name) <= narrowFirst.indexOf(other.name);
        }
    }

    static ColumnTypes of(RelationSchema relation) {
        Map<Integer, SourceType> types = new TreeMap<>();
        for (Column column : relation.columns()) {
            types.put(column.attnum(), new SourceType(column.type().name(), column.typeModifier()));
        }
        return new ColumnTypes(types);
    }

    /** What the property says; empty in a table that has none yet. Throws TARGET_UNUSABLE when it is damaged. */
    static ColumnTypes in(Map<String, String> properties) {
        try {
            return new ColumnTypes(JSON.readValue(
                    properties.getOrDefault(PROPERTY, "{}"), new TypeReference<TreeMap<Integer, SourceType>>() {}));
        } catch (JsonProcessingException e) {
            throw TargetProperties.damaged(PROPERTY, e);
        }
    }

    String text() {
        try {
            return JSON.writeValueAsString(byAttnum);
        } catch (JsonProcessingException e) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot write the column types", e);
        }
    }

    /** Whether a column has another type in the source than it had. */
    boolean differ(RelationSchema relation) {
        return of(relation).byAttnum.entrySet().stream()
                .anyMatch(now ->
                        !byAttnum.getOrDefault(now.getKey(), now.getValue()).equals(now.getValue()));
    }

    /** Why rows older than this relation version may differ from the source's, by column. */
    List<String> rewrittenBy(RelationSchema relation) {
        ColumnTypes now = of(relation);
        return relation.columns().stream()
                .filter(column -> Optional.ofNullable(byAttnum.get(column.attnum()))
                        .filter(before -> !before.keepsValuesAs(now.byAttnum.get(column.attnum())))
                        .isPresent())
                .map(column -> "column " + column.name() + " changed its type to "
                        + column.type().name() + ": older rows keep the values that they had")
                .toList();
    }
}
