// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

/** Where a dead letter stands. */
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
    SUPERSEDED;

    /** Whether later changes of its keys must still wait. */
    public boolean blocks() {
        return this == PARKED || this == WANTED || this == APPLYING;
    }
}
