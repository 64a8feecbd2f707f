// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import java.util.EnumSet;
import java.util.Set;

/** Where a dead letter stands, and where it may go from there. */
public enum DeadLetterState {
    /** Set aside; later changes of its keys are set aside behind it. */
    PARKED,
    /** Somebody asked that it be applied; the pipeline does so when it runs. */
    WANTED,
    /** Part of a replay whose commit may have landed; the target tells, by the replay's name. */
    APPLYING,
    /** In the target. */
    APPLIED,
    /** The target has something newer, from a table copy or a truncate: never to be applied. */
    SUPERSEDED,
    /**
     * Somebody gave it up: never to be applied, so the target differs from the source. The pipeline says so of the table, and
     * then removes the letter.
     */
    DISCARDED;

    /** Those behind which later changes of the same keys wait. */
    public static final Set<DeadLetterState> BLOCKING = Set.of(PARKED, WANTED, APPLYING);

    /** Those in which nothing is left to do: retention removes them in time. */
    public static final Set<DeadLetterState> RESOLVED = Set.of(APPLIED, SUPERSEDED);

    /** Whether later changes of its keys must still wait. */
    public boolean blocks() {
        return BLOCKING.contains(this);
    }

    /** The legal moves. */
    public boolean mayBecome(DeadLetterState next) {
        return switch (this) {
            case PARKED -> EnumSet.of(WANTED, SUPERSEDED, DISCARDED).contains(next);
            case WANTED -> EnumSet.of(PARKED, APPLYING, SUPERSEDED, DISCARDED).contains(next);
            case APPLYING -> EnumSet.of(PARKED, APPLIED, SUPERSEDED).contains(next);
            case APPLIED, SUPERSEDED, DISCARDED -> false;
        };
    }
}
