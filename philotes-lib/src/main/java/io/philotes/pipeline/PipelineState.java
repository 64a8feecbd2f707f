// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import java.util.EnumSet;
import java.util.Set;

/** Where a pipeline stands. A move that {@link #mayMoveTo} does not allow is a defect. */
public enum PipelineState {
    /** Built, not started. */
    CREATED,
    /** Looks at what is there and decides where to go on. */
    STARTING,
    /** Another instance reads the slot; this one waits for it to let go. */
    STANDBY,
    /** Tables are loaded for the first time, or again. */
    COPYING,
    /** Follows the stream. */
    RUNNING,
    /** Told to hold still; the slot keeps WAL meanwhile. */
    PAUSED,
    /** Told to stop; what is written is committed. */
    STOPPING,
    /** At its end, in order. */
    STOPPED,
    /** At its end, by a failure. */
    FAILED;

    private Set<PipelineState> next() {
        return switch (this) {
            case CREATED -> EnumSet.of(STARTING, STOPPED);
            case STARTING -> EnumSet.of(STANDBY, COPYING, RUNNING, STOPPING, FAILED);
            case STANDBY -> EnumSet.of(STARTING, STOPPING, FAILED);
            case COPYING -> EnumSet.of(STARTING, STANDBY, RUNNING, STOPPING, FAILED);
            case RUNNING -> EnumSet.of(STARTING, PAUSED, STANDBY, STOPPING, FAILED);
            case PAUSED -> EnumSet.of(RUNNING, STARTING, STANDBY, STOPPING, FAILED);
            case STOPPING -> EnumSet.of(STOPPED, FAILED);
            case STOPPED, FAILED -> EnumSet.noneOf(PipelineState.class);
        };
    }

    /** Whether that may come next. */
    public boolean mayMoveTo(PipelineState state) {
        return next().contains(state);
    }

    /** Whether nothing moves any more. */
    public boolean isFinal() {
        return this == STOPPED || this == FAILED;
    }
}
