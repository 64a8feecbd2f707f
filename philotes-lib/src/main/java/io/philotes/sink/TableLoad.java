// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import java.util.List;

/**
 * The replacement of one table's content by a table copy, or what comes behind it. Range writers belong to one thread each;
 * {@link #commit} and {@link #close} to the apply thread, after the writers are closed.
 */
public interface TableLoad extends AutoCloseable {

    /** A writer for rows of one or more ranges; call once per copying thread. */
    RangeWriter writer();

    /**
     * The rows that the writers set aside instead of writing them, when the sink may; to be asked behind the last writer's
     * close, and stored before {@link #commit}.
     */
    default List<ParkedRow> parked() {
        return List.of();
    }

    /**
     * Replaces the table's content by what the writers wrote, or adds that to it, in one commit whose marker is the consistent
     * point. An empty table is committed too.
     */
    void commit();

    /** Drops what was not committed. Idempotent; does not throw. */
    @Override
    void close();
}
