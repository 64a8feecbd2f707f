// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A source table's counterpart in the file: its name, its columns, and the SQL that changes it. Immutable. */
record TargetTable(String name, List<String> columns, List<String> types, List<Integer> key) {

    static TargetTable of(RelationSchema relation) {
        List<Column> source = relation.columns();
        return new TargetTable(
                relation.table().schema() + "." + relation.table().name(),
                source.stream().map(Column::name).toList(),
                source.stream().map(TargetTable::type).toList(),
                relation.keyColumns());
    }

    /** Integers are integers; everything else is the text that PostgreSQL prints for it, with every digit. */
    private static String type(Column column) {
        return switch (column.type().name()) {
            case "int2", "int4", "int8" -> "INTEGER";
            default -> "TEXT";
        };
    }

    /** The name as SQLite tells it from others: it does not by letters' case, not even of quoted names. */
    String sqliteName() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The same columns under another name. */
    TargetTable named(String other) {
        return new TargetTable(other, columns, types, key);
    }

    /** Strict: the file refuses a value that is not of its column's type. */
    String create() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(quoted(columns.get(i)) + " " + types.get(i));
        }
        parts.add("PRIMARY KEY ("
                + key.stream().map(i -> quoted(columns.get(i))).collect(Collectors.joining(", ")) + ")");
        return "CREATE TABLE " + quoted(name) + " (" + String.join(", ", parts) + ") STRICT";
    }

    Step put(Object[] row) {
        String marks = columns.stream().map(c -> "?").collect(Collectors.joining(", "));
        return new Step("INSERT OR REPLACE INTO " + quoted(name) + " VALUES (" + marks + ")", Arrays.asList(row), 1);
    }

    Step remove(List<Object> keyValues) {
        return new Step("DELETE FROM " + quoted(name) + where(), keyValues, 1);
    }

    /** Sets some columns of the row with that key. */
    Step patch(List<Object> keyValues, List<Integer> which, List<Object> values) {
        String sets = which.stream().map(i -> quoted(columns.get(i)) + " = ?").collect(Collectors.joining(", "));
        List<Object> all = new ArrayList<>(values);
        all.addAll(keyValues);
        return new Step("UPDATE " + quoted(name) + " SET " + sets + where(), all, 1);
    }

    Step clear() {
        return new Step("DELETE FROM " + quoted(name), List.of(), Step.ANY);
    }

    private String where() {
        return key.stream()
                .map(i -> quoted(columns.get(i)) + " = ?")
                .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    List<Object> keyOf(Row row) {
        return key.stream().map(i -> value(row, i)).collect(Collectors.toList());
    }

    /** @throws NumberFormatException when an integer is none: such a row can never be written */
    Object value(Row row, int column) {
        String text = row.text(columns.get(column));
        return text != null && types.get(column).equals("INTEGER") ? (Object) Long.valueOf(text) : text;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
