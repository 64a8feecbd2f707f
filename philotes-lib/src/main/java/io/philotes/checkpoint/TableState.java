// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

/** Where one table stands in one sink. */
public enum TableState {
    /** Not begun. */
    PENDING,
    /** Its first load runs; a crash begins it again. */
    COPYING,
    /** Follows the stream. */
    STREAMING,
    /** Waits for a person; its changes stay in the buffer. */
    HELD,
    /** Follows the stream, but something happened that the stream does not tell: source and target may differ. */
    DIVERGED,
    /** Must be copied again; its changes are not kept. */
    NEEDS_RESYNC;

    /** Whether the table's content stands for a position, so that the stream can go on from it. */
    public boolean isLoaded() {
        return this == STREAMING || this == HELD || this == DIVERGED;
    }
}
