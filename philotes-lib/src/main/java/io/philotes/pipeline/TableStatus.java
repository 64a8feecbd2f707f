// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.time.Instant;
import java.util.Optional;

/**
 * One table at one moment. Immutable.
 *
 * @param table the source table
 * @param state where it stands
 * @param position everything that ends at or before it is in the target
 * @param copiedRows rows that its table copy wrote in this run
 * @param committedRows changes that its commits wrote in this run
 * @param commits commits in this run
 * @param lastCommit when the newest was
 * @param deadLetters changes of it that are set aside and wait to be replayed; its target lacks them
 * @param reason why it is held, diverged or to be copied again; empty otherwise
 */
public record TableStatus(
        TableId table,
        TableState state,
        Lsn position,
        long copiedRows,
        long committedRows,
        long commits,
        Optional<Instant> lastCommit,
        long deadLetters,
        String reason) {

    /** Without dead letters. */
    public TableStatus(
            TableId table,
            TableState state,
            Lsn position,
            long copiedRows,
            long committedRows,
            long commits,
            Optional<Instant> lastCommit,
            String reason) {
        this(table, state, position, copiedRows, committedRows, commits, lastCommit, 0, reason);
    }
}
