// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Reads tables from the catalog of one connection, as that connection's snapshot shows it. Confined to one thread. */
final class Catalog {

    private static final String CANDIDATES = "SELECT c.oid::int8, n.nspname, c.relname, coalesce(i.inhparent, 0)::int8"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition"
            + " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'"
            + " AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

    private static final String NAMES = "SELECT c.oid::int8, n.nspname, c.relname FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid IN (%s)";

    private final Connection connection;

    Catalog(Connection connection) {
        this.connection = connection;
    }

    private record Candidate(int oid, TableId id, int parent) {}

    /** Oids of the selected tables, without partitions whose root is selected or, unless they are named, left out. */
    List<Integer> expand(TableSelection tables) throws SQLException {
        Map<Integer, Candidate> candidates = candidates();
        return candidates.values().stream()
                .filter(c -> tables.covers(c.id()))
                .filter(c -> !hasAncestor(c, candidates, tables::covers))
                .filter(c -> tables.names(c.id()) || !hasAncestor(c, candidates, tables::leavesOut))
                .map(Candidate::oid)
                .toList();
    }

    /** Partitions that are to be left out although their root, which holds their rows, is selected. */
    List<TableId> leftOutInVain(TableSelection tables) throws SQLException {
        Map<Integer, Candidate> candidates = candidates();
        return candidates.values().stream()
                .filter(c -> tables.leavesOut(c.id()) && hasAncestor(c, candidates, tables::covers))
                .map(Candidate::id)
                .sorted()
                .toList();
    }

    private Map<Integer, Candidate> candidates() throws SQLException {
        Map<Integer, Candidate> candidates = new HashMap<>();
        Sql.query(connection, CANDIDATES, Catalog::candidate).forEach(c -> candidates.put(c.oid(), c));
        return candidates;
    }

    private static boolean hasAncestor(Candidate table, Map<Integer, Candidate> candidates, Predicate<TableId> wanted) {
        for (Candidate at = candidates.get(table.parent()); at != null; at = candidates.get(at.parent())) {
            if (wanted.test(at.id())) {
                return true;
            }
        }
        return false;
    }

    /** The patterns without a star that name no table at all. */
    List<TablePattern> missing(TableSelection tables) throws SQLException {
        List<Candidate> candidates = Sql.query(connection, CANDIDATES, Catalog::candidate);
        return tables.included().stream()
                .filter(p -> !p.isGlob() && candidates.stream().noneMatch(c -> p.matches(c.id())))
                .toList();
    }

    /** The names of these relations, of those that exist. */
    Map<Integer, TableId> names(Collection<Integer> oids) throws SQLException {
        Map<Integer, TableId> names = new HashMap<>();
        if (!oids.isEmpty()) {
            Sql.query(
                    connection,
                    NAMES.formatted(oidList(oids)),
                    row -> names.put((int) row.getLong(1), new TableId(row.getString(2), row.getString(3))));
        }
        return names;
    }

    /** The tables with these oids, those that exist, all of the same moment, ordered by name. */
    List<CatalogTable> tables(Collection<Integer> oids) throws SQLException {
        return CatalogPictures.read(connection, oids).values().stream()
                .map(CatalogPicture::table)
                .sorted(Comparator.comparing(CatalogTable::id))
                .toList();
    }

    /**
     * The files that hold a table's and its partitions' rows, as this connection's snapshot shows them: they change when a
     * table is truncated or rewritten.
     */
    Map<Integer, Long> files(int oid) throws SQLException {
        Map<Integer, Long> files = new LinkedHashMap<>();
        String sql = "WITH RECURSIVE part(oid) AS (SELECT " + Integer.toUnsignedString(oid) + "::oid UNION"
                + " SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN part ON part.oid = i.inhparent"
                + " JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid AND p.relispartition)"
                + " SELECT c.oid::int8, c.relfilenode::int8 FROM part JOIN pg_catalog.pg_class c ON c.oid = part.oid"
                + " ORDER BY 1";
        Sql.query(connection, sql, row -> files.put((int) row.getLong(1), row.getLong(2)));
        return files;
    }

    /** The table and its partitions, of any depth and of now, on which this connection's transaction holds a lock. */
    List<Integer> lockedPartitions(int oid) throws SQLException {
        String sql = "SELECT DISTINCT l.relation::int8 FROM pg_catalog.pg_locks l"
                + " WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted AND "
                + Integer.toUnsignedString(oid) + "::oid IN (SELECT a.relid::oid"
                + " FROM pg_catalog.pg_partition_ancestors(l.relation) a(relid))";
        return Sql.query(connection, sql, row -> (int) row.getLong(1));
    }

    /** Oids as SQL text. */
    static String oidList(Collection<Integer> oids) {
        return oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    }

    private static Candidate candidate(ResultSet row) throws SQLException {
        return new Candidate(
                (int) row.getLong(1), new TableId(row.getString(2), row.getString(3)), (int) row.getLong(4));
    }
}
