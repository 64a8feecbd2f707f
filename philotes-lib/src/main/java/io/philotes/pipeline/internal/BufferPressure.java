// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.pipeline.PipelineSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in time that one sink alone makes the buffer keep much: once as it passes half of the limit, once more as it passes four
 * fifths. Owned by the housekeeper.
 */
final class BufferPressure {

    private static final Logger LOG = LoggerFactory.getLogger(BufferPressure.class);

    private static final int[] LEVELS = {80, 50};

    /** So many percent below a level it counts as left, and to pass it again is news. */
    private static final int SLACK = 10;

    private final PipelineSettings settings;
    private final ChangeBuffer buffer;
    private final BufferFloor floor;
    private final Listeners listeners;
    private int told;

    BufferPressure(PipelineSettings settings, RunState run) {
        this.settings = settings;
        this.buffer = run.buffer();
        this.floor = run.floor();
        this.listeners = new Listeners(settings.listeners());
    }

    void look() {
        int percent = (int) Math.min(100, buffer.heldBytes() * 100 / Math.max(1, buffer.limitBytes()));
        if (percent < told - SLACK) {
            told = level(percent);
        }
        int level = level(percent);
        if (level > told) {
            floor.holder().ifPresent(sink -> tell(sink, level));
        }
    }

    private static int level(int percent) {
        for (int level : LEVELS) {
            if (percent >= level) {
                return level;
            }
        }
        return 0;
    }

    private void tell(String sink, int level) {
        told = level;
        LOG.warn(
                "Pipeline {}: the buffer is filled to {} % with changes that only the sink {} still needs; at its limit of"
                        + " {} bytes all sinks wait",
                settings.name(), level, sink, buffer.limitBytes());
        listeners.tell(l -> l.bufferFills(settings.name(), sink, level));
    }
}
