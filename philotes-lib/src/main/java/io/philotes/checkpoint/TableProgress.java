// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

import io.philotes.model.Lsn;
import java.util.Objects;

/**
 * How far one table is. Immutable.
 *
 * @param state where it stands
 * @param position everything that ends at or before it is in the table; moves with the pipeline while the table is
 *     streaming, and stays while it is behind
 * @param lastMarker the marker of the table's newest own commit, {@link Lsn#ZERO} before the first; stays while the table is
 *     copied again, for that commit may be in it still
 * @param reason why it is held, diverged or to be copied again; empty otherwise
 */
public record TableProgress(TableState state, Lsn position, Lsn lastMarker, String reason) {

    /** A table of which nothing is in the target yet. */
    public static final TableProgress PENDING = new TableProgress(TableState.PENDING, Lsn.ZERO, Lsn.ZERO, "");

    public TableProgress {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(lastMarker, "lastMarker");
        Objects.requireNonNull(reason, "reason");
    }

    /** The same table, to be copied again. */
    public TableProgress again() {
        return new TableProgress(TableState.PENDING, Lsn.ZERO, lastMarker, "");
    }

    /** The end of what is in the table as far as it is known; {@link Lsn#ZERO} when its content stands for no position. */
    public Lsn heldUpTo() {
        return state.isLoaded() ? Lsn.max(position, lastMarker) : Lsn.ZERO;
    }
}
