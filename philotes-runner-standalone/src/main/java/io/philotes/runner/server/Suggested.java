// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.FoundTable;

/**
 * How a table would best be mirrored. Immutable.
 *
 * @param mode the mode; of one that cannot be mirrored as it is, that of when it can
 * @param ready whether it can be mirrored as it is
 * @param note what stands in the way, or what to know; empty for nothing
 * @param fix SQL that mends it; empty when nothing is to be mended
 */
public record Suggested(WriteMode mode, boolean ready, String note, String fix) {

    /** What the catalog tells of it decides. */
    public static Suggested of(FoundTable found) {
        String alter = "ALTER TABLE " + found.table().toSql();
        if (found.unlogged()) {
            return new Suggested(
                    WriteMode.UPSERT, false, "unlogged: its changes never reach the WAL", alter + " SET LOGGED;");
        }
        if (found.identity() == ReplicaIdentity.NOTHING) {
            return new Suggested(
                    WriteMode.UPSERT,
                    false,
                    "replica identity NOTHING: once it is published, its updates and deletes fail",
                    alter + " REPLICA IDENTITY " + (found.primaryKey().isEmpty() ? "FULL;" : "DEFAULT;"));
        }
        if (!found.identifiesRows()) {
            return new Suggested(
                    WriteMode.APPEND,
                    false,
                    "no primary key: once it is published, its updates and deletes fail, unless",
                    alter + " REPLICA IDENTITY FULL;");
        }
        boolean whole = found.key().isEmpty();
        return new Suggested(WriteMode.UPSERT, true, whole ? "no primary key: rows are matched as a whole" : "", "");
    }
}
