// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

/** What becomes of a row that a sink can never write. */
public enum RowPolicy {
    /** Its table is held until a person mends what is wrong; the others go on. The default: nothing is ever left out. */
    HOLD,
    /**
     * The row alone is set aside as a dead letter, and behind it later changes of its key, to be replayed in order; where that
     * cannot be done, the table is held. A mirror then lacks some changes for a while, and its status says so.
     */
    DEAD_LETTER,
    /** The sink stops. */
    STOP
}
