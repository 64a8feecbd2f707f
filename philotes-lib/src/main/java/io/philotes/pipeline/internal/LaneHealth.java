// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.SinkState;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sink's state, and what it suffers from. Thread-safe: one immutable value, replaced as a whole. */
final class LaneHealth {

    private static final Logger LOG = LoggerFactory.getLogger(LaneHealth.class);

    private record Finding(SinkState state, PhilotesException failure) {}

    private final LaneName name;
    private final Listeners listeners;
    private volatile Finding now = new Finding(SinkState.STARTING, null);

    LaneHealth(LaneName name, Listeners listeners) {
        this.name = name;
        this.listeners = listeners;
    }

    SinkState state() {
        return now.state();
    }

    Optional<PhilotesException> failure() {
        return Optional.ofNullable(now.failure());
    }

    boolean hasFailed() {
        return now.state() == SinkState.FAILED;
    }

    void running() {
        become(SinkState.RUNNING, null);
    }

    void stopped() {
        become(SinkState.STOPPED, null);
    }

    /** It is tried again after this. */
    void retrying(PhilotesException failure) {
        become(SinkState.RETRYING, failure);
        listeners.tell(l -> l.retrying(name.pipeline(), name.sink(), failure));
    }

    /** The end of it in this run. */
    void fail(PhilotesException failure) {
        LOG.error("Pipeline {}: the sink failed: {} -- {}", name, failure.getMessage(), failure.hint(), failure);
        become(SinkState.FAILED, failure);
    }

    private void become(SinkState next, PhilotesException failure) {
        SinkState before = now.state();
        if (before == SinkState.FAILED) {
            return;
        }
        now = new Finding(next, failure);
        if (before != next) {
            listeners.tell(l -> l.sinkStateChanged(name.pipeline(), name.sink(), before, next));
        }
    }
}
