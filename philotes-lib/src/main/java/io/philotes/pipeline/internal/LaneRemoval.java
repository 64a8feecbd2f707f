// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a sink out of a run, after its thread ended. Used by the session's thread. */
final class LaneRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(LaneRemoval.class);

    private final RunState run;

    LaneRemoval(RunState run) {
        this.run = run;
    }

    /** Forgets where its tables are, so that a sink of that name begins with copies, and lets go what was kept for it. */
    void remove(Lane lane) {
        String sink = lane.name().sink();
        try {
            lane.checkpoints().forgetTables();
        } catch (RuntimeException e) {
            // A sink that takes the name later finds places which are no longer kept, and says so.
            LOG.warn("Pipeline {}: the checkpoint of the removed sink stays: {}", lane.name(), e.getMessage());
        }
        lane.closeSink();
        run.stores().remove(sink);
        run.floor().release(sink);
        lane.health().stopped();
        lane.settings().metrics().sinkRemoved();
        // Last: what is let go under this name must not be another's that took it.
        run.lanes().remove(lane);
        LOG.info("Pipeline {}: the sink is removed", lane.name());
        run.lifecycle().wake();
    }
}
