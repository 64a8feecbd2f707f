// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a check finds about the leaves of a partitioned table. Changes are published under the root's name, but written into
 * the WAL as the leaf's own persistence and replica identity say: a leaf that differs would lose them in silence. Confined to
 * one thread.
 */
final class LeafChecks {

    private static final String LEAVES = "WITH RECURSIVE tree(oid) AS (SELECT %s::oid UNION"
            + " SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON tree.oid = i.inhparent)"
            + " SELECT n.nspname, c.relname, c.relkind = 'f', c.relpersistence = 'u', c.relreplident,"
            + " (SELECT pg_catalog.array_agg(a.attname::text) FROM pg_catalog.pg_index x"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid"
            + " AND a.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])"
            + " WHERE x.indrelid = c.oid AND x.indisvalid AND x.indimmediate"
            + " AND CASE c.relreplident WHEN 'd' THEN x.indisprimary WHEN 'i' THEN x.indisreplident ELSE false END)"
            + " FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind <> 'p' ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"";

    /**
     * @param table its name
     * @param foreign whether its rows are elsewhere
     * @param unlogged whether its changes never reach the WAL
     * @param identity its own replica identity
     * @param key the columns of the index that its identity names; none without one
     */
    private record Leaf(TableId table, boolean foreign, boolean unlogged, ReplicaIdentity identity, Set<String> key) {}

    private final Connection connection;

    LeafChecks(Connection connection) {
        this.connection = connection;
    }

    /** One error for each leaf that cannot be followed. */
    List<Finding> findings(CatalogTable root) throws SQLException {
        String sql = LEAVES.formatted(Integer.toUnsignedString(root.oid()));
        return Sql.query(connection, sql, LeafChecks::leaf).stream()
                .flatMap(leaf -> finding(root, leaf).stream())
                .toList();
    }

    private static Leaf leaf(ResultSet row) throws SQLException {
        Array key = row.getArray(6);
        return new Leaf(
                new TableId(row.getString(1), row.getString(2)),
                row.getBoolean(3),
                row.getBoolean(4),
                ReplicaIdentity.ofLetter(row.getString(5).charAt(0)),
                key == null ? Set.of() : Set.of((String[]) key.getArray()));
    }

    private static Optional<Finding> finding(CatalogTable root, Leaf leaf) {
        String alter = "ALTER TABLE " + leaf.table().toSql();
        if (leaf.foreign()) {
            String detach = "ALTER TABLE … DETACH PARTITION " + leaf.table().toSql() + ";   -- or leave the table out";
            return error(
                    root,
                    ErrorCode.UNLOGGED_TABLE,
                    leaf,
                    "is a foreign table: its changes never reach the WAL",
                    detach);
        }
        if (leaf.unlogged()) {
            String logged = alter + " SET LOGGED;";
            return error(root, ErrorCode.UNLOGGED_TABLE, leaf, "is unlogged: its changes never reach the WAL", logged);
        }
        if (leaf.identity() == ReplicaIdentity.NOTHING && root.identity() != ReplicaIdentity.NOTHING) {
            String what = "has replica identity NOTHING: once it is published, its updates and deletes fail";
            return error(root, ErrorCode.IDENTITY_NOTHING, leaf, what, alter + " REPLICA IDENTITY DEFAULT;");
        }
        return otherIdentity(root, leaf);
    }

    private static Optional<Finding> otherIdentity(CatalogTable root, Leaf leaf) {
        Set<String> key = root.key().stream()
                .map(attnum -> root.columns().get(attnum - 1).name())
                .collect(Collectors.toSet());
        boolean wholeRows = key.isEmpty() && root.identity() == ReplicaIdentity.FULL;
        boolean same = leaf.key().equals(key) && !wholeRows;
        if (leaf.identity() == ReplicaIdentity.FULL || root.identity() == ReplicaIdentity.NOTHING || same) {
            return Optional.empty();
        }
        String wanted = wholeRows ? "whole rows" : String.join(", ", key);
        String has = leaf.key().isEmpty() ? "nothing" : String.join(", ", leaf.key());
        String fix = "ALTER TABLE " + leaf.table().toSql() + " REPLICA IDENTITY " + (wholeRows ? "FULL;" : "DEFAULT;");
        return error(
                root, ErrorCode.NO_IDENTITY, leaf, "identifies its old rows by " + has + " instead of " + wanted, fix);
    }

    private static Optional<Finding> error(CatalogTable root, ErrorCode code, Leaf leaf, String what, String fix) {
        return Optional.of(
                Finding.error(code, root.id().toString(), "its partition " + leaf.table() + " " + what, fix));
    }
}
