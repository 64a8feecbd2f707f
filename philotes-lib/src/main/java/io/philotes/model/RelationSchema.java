// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.List;
import java.util.Objects;

/**
 * One version of a published table's shape: the Relation message together with the catalog's picture of it, taken by
 * capture at receipt. Immutable; two versions are the same when their content is.
 *
 * @param oid the table's oid ({@code pg_class.oid}), unsigned in an int
 * @param table the name at that time
 * @param identity the replica identity at that time
 * @param columns the published columns in wire order
 * @param keyColumns indexes into {@code columns} of the key by which the stream identifies rows, in key order: the primary
 *     key under {@code DEFAULT}, the index columns under {@code INDEX}, the primary key under {@code FULL} when it is not
 *     deferrable; empty when rows have no key (a deferrable primary key is none: two rows may carry it for a moment)
 */
public record RelationSchema(
        int oid, TableId table, ReplicaIdentity identity, List<Column> columns, List<Integer> keyColumns) {

    public RelationSchema {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(identity, "identity");
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
        for (int key : keyColumns) {
            Objects.checkIndex(key, columns.size());
        }
    }

    /** Whether the stream tells rows apart by a key. */
    public boolean hasKey() {
        return !keyColumns.isEmpty();
    }
}
