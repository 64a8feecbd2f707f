// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;

/**
 * A table of the source by its unquoted names. Immutable.
 *
 * @param schema the schema, never null
 * @param name the table, never null
 */
public record TableId(String schema, String name) implements Comparable<TableId> {

    public TableId {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
    }

    /** Reads {@code schema.table}, each part optionally in double quotes; a bare name is in {@code public}. */
    public static TableId parse(String text) {
        return TableIdParser.parse(text);
    }

    /** The name as SQL text, always quoted. */
    public String toSql() {
        return quote(schema) + "." + quote(name);
    }

    /** One identifier as SQL text, always quoted. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(TableId other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** {@code schema.table}, for people; {@link #toSql} for PostgreSQL. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
