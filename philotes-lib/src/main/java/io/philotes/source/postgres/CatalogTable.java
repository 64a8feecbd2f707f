// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.util.List;

/**
 * A table as the catalog shows it. Immutable.
 *
 * @param oid {@code pg_class.oid}, unsigned
 * @param id its name
 * @param partitioned whether it is the root of partitions
 * @param unlogged whether its changes never reach the WAL
 * @param identity its replica identity
 * @param columns every column ever, by number, the dropped ones included
 * @param primaryKey attnums of the valid, immediate primary key, in key order; empty without one
 * @param identityIndex attnums of the index that is the replica identity, in key order; empty without one
 */
record CatalogTable(
        int oid,
        TableId id,
        boolean partitioned,
        boolean unlogged,
        ReplicaIdentity identity,
        List<CatalogColumn> columns,
        List<Integer> primaryKey,
        List<Integer> identityIndex) {

    CatalogTable {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        identityIndex = List.copyOf(identityIndex);
    }

    /** The attnums by which the stream, or a reader of whole old rows, identifies a row. */
    List<Integer> key() {
        return switch (identity) {
            case DEFAULT, FULL -> primaryKey;
            case INDEX -> identityIndex;
            case NOTHING -> List.of();
        };
    }

    /** As an SQL source of rows: its own rows only, or those of all its partitions. */
    String fromSql() {
        return partitioned ? id.toSql() : "ONLY " + id.toSql();
    }
}
