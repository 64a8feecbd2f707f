// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.source.TableSize;
import java.util.List;

/**
 * A table that is there to be mirrored. Immutable.
 *
 * @param table its name
 * @param partitioned whether it is the root of partitions, which come with it
 * @param unlogged whether its changes never reach the WAL; such a one cannot be mirrored
 * @param identity its replica identity
 * @param primaryKey names of the primary key's columns, in key order; empty without one
 * @param key names of the columns by which the stream identifies a row; empty when it cannot, or only by the whole row
 * @param size rows and bytes, as the server estimates them; with those of its partitions
 */
public record FoundTable(
        TableId table,
        boolean partitioned,
        boolean unlogged,
        ReplicaIdentity identity,
        List<String> primaryKey,
        List<String> key,
        TableSize size) {

    public FoundTable {
        primaryKey = List.copyOf(primaryKey);
        key = List.copyOf(key);
    }

    static FoundTable of(CatalogTable table, TableSize size) {
        return new FoundTable(
                table.id(),
                table.partitioned(),
                table.unlogged(),
                table.identity(),
                names(table, table.primaryKey()),
                names(table, table.key()),
                size);
    }

    private static List<String> names(CatalogTable table, List<Integer> attnums) {
        return attnums.stream()
                .map(attnum -> table.columns().get(attnum - 1).name())
                .toList();
    }

    /** Whether updates and deletes tell which row they are of: without that a target can only keep every change. */
    public boolean identifiesRows() {
        return !key.isEmpty() || identity == ReplicaIdentity.FULL;
    }
}
