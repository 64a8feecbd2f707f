// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

/** What follows when a table is DIVERGED or NEEDS_RESYNC. */
public enum ResyncPolicy {
    /** Nothing: a person looks first, and asks for the copy. */
    MANUAL,
    /**
     * It is copied again by itself: at once, then after ten minutes at the earliest, then after twice as long each time. Not a
     * table that waits for a person (HELD), that is gone at the source, or that a copy was refused for.
     */
    AUTO
}
