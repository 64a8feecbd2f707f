// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.PgType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Types by oid, domains resolved, remembered: the stream may speak of a type that has been dropped meanwhile. Thread-safe.
 *
 * <p>A type's rename is not noticed before the process restarts; its oid, and so its meaning, stays.
 */
final class TypeCatalog {

    private static final String TYPES =
            "SELECT t.oid::int8, n.nspname, t.typname, t.typtype, t.typbasetype::int8, t.typtypmod,"
                    + " coalesce(e.oid, 0)::int8 FROM pg_catalog.pg_type t"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                    + " LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid WHERE t.oid IN (%s)";

    private record Row(int oid, String name, char sort, int base, int typeModifier, int element) {}

    private final Map<Integer, Row> rows = new ConcurrentHashMap<>();
    private final Map<Integer, ResolvedType> resolved = new ConcurrentHashMap<>();

    /** Makes sure that everything about these types is here, as far as the catalog still knows it. */
    void load(Connection connection, Collection<Integer> oids) throws SQLException {
        Set<Integer> wanted = unknown(oids);
        while (!wanted.isEmpty()) {
            List<Row> found = Sql.query(connection, TYPES.formatted(Catalog.oidList(wanted)), TypeCatalog::row);
            Set<Integer> next = new HashSet<>();
            for (Row row : found) {
                rows.put(row.oid(), row);
                next.add(row.base());
                next.add(row.element());
            }
            next.remove(0);
            wanted = unknown(next);
        }
    }

    private Set<Integer> unknown(Collection<Integer> oids) {
        Set<Integer> unknown = new HashSet<>(oids);
        unknown.remove(0);
        unknown.removeAll(rows.keySet());
        return unknown;
    }

    private static Row row(ResultSet row) throws SQLException {
        String schema = row.getString(2);
        String name = schema.equals("pg_catalog") ? row.getString(3) : schema + "." + row.getString(3);
        return new Row(
                (int) row.getLong(1), name, row.getString(4).charAt(0), (int) row.getLong(5), row.getInt(6), (int)
                        row.getLong(7));
    }

    /** The type as {@link #load} found it; a dropped one, which nobody can name any more, is carried as text. */
    ResolvedType resolve(int oid) {
        ResolvedType known = resolved.get(oid);
        if (known != null) {
            return known;
        }
        Row row = rows.get(oid);
        if (row == null) {
            return new ResolvedType(PgType.other(oid, "dropped type " + Integer.toUnsignedString(oid)), -1);
        }
        ResolvedType fresh = resolve(row);
        resolved.put(oid, fresh);
        return fresh;
    }

    private ResolvedType resolve(Row row) {
        if (row.sort() == 'd') {
            ResolvedType base = resolve(row.base());
            return new ResolvedType(base.type(), base.modifierFor(row.typeModifier()));
        }
        if (row.element() != 0) {
            ResolvedType element = resolve(row.element());
            return new ResolvedType(PgType.arrayOf(row.oid(), element.type()), element.typeModifier());
        }
        return new ResolvedType(plain(row), -1);
    }

    private static PgType plain(Row row) {
        return switch (row.sort()) {
            case 'b' -> PgType.base(row.oid(), row.name());
            case 'e' -> PgType.enumeration(row.oid(), row.name());
            default -> PgType.other(row.oid(), row.name());
        };
    }
}
