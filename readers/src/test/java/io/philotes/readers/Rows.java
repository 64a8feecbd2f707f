// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table's rows in a source, as canonical text, and the way to bring an engine's rows into the same form.
 *
 * @param types each column's PostgreSQL type, in the table's order; arrays begin with {@code _}
 * @param all the rows, values in the order of the columns
 */
record Rows(Map<String, String> types, List<List<String>> all) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Rows of(TestPostgres postgres, String table) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET timezone = 'UTC'");
            Map<String, String> types = types(statement, table);
            return new Rows(types, rows(statement, table, types));
        }
    }

    private static Map<String, String> types(Statement statement, String table) throws SQLException {
        try (ResultSet none = statement.executeQuery("SELECT * FROM " + table + " LIMIT 0")) {
            ResultSetMetaData columns = none.getMetaData();
            Map<String, String> types = new LinkedHashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                types.put(columns.getColumnName(i), columns.getColumnTypeName(i));
            }
            return types;
        }
    }

    private static List<List<String>> rows(Statement statement, String table, Map<String, String> types)
            throws SQLException {
        List<String> expressions = new ArrayList<>();
        types.forEach((name, type) -> expressions.add(expression(name, type)));
        List<List<String>> all = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT " + String.join(", ", expressions) + " FROM " + table)) {
            while (rows.next()) {
                all.add(row(rows, types));
            }
        }
        return all;
    }

    /** What the type's output function prints; a cast to text prints some types in another way. */
    private static String expression(String name, String type) {
        return isArray(type)
                ? "to_json(" + name + "::text[])::text"
                : "CASE WHEN " + name + " IS NOT NULL THEN format('%s', " + name + ") END";
    }

    private static List<String> row(ResultSet rows, Map<String, String> types) throws SQLException {
        List<String> row = new ArrayList<>();
        for (Map.Entry<String, String> column : types.entrySet()) {
            String text = rows.getString(row.size() + 1);
            row.add(Canonical.text(column.getValue(), isArray(column.getValue()) ? json(text) : node(text)));
        }
        return row;
    }

    static boolean isArray(String type) {
        return type.startsWith("_");
    }

    private static JsonNode node(String text) {
        return text == null ? NullNode.instance : TextNode.valueOf(text);
    }

    private static JsonNode json(String text) {
        try {
            return text == null ? NullNode.instance : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** An engine's rows, in this table's columns and form; the columns must be exactly these and the given others. */
    List<List<String>> canonical(List<JsonNode> rows) {
        return rows.stream().map(this::canonical).toList();
    }

    List<String> canonical(JsonNode row) {
        List<String> values = new ArrayList<>();
        types.forEach((name, type) -> values.add(Canonical.text(type, required(row, name))));
        return values;
    }

    private static JsonNode required(JsonNode row, String name) {
        if (!row.has(name)) {
            throw new AssertionError("the engine shows no column " + name + ": " + row);
        }
        return row.get(name);
    }
}
