// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.SinkState;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sink's state, and what it suffers from. Thread-safe: immutable values, each replaced as a whole. */
final class LaneHealth {

    private static final Logger LOG = LoggerFactory.getLogger(LaneHealth.class);

    private record Finding(SinkState state, PhilotesException failure) {}

    private final LaneName name;
    private final Listeners listeners;
    private final FailureRow failures;
    private volatile Finding now = new Finding(SinkState.STARTING, null);

    LaneHealth(LaneName name, Listeners listeners, Clock clock) {
        this.name = name;
        this.listeners = listeners;
        this.failures = new FailureRow(Retry.Stage.WRITE, Optional.of(name.sink()), clock);
    }

    SinkState state() {
        return now.state();
    }

    Optional<PhilotesException> failure() {
        return Optional.ofNullable(now.failure());
    }

    /** What it tries again, while it does. */
    Optional<Retry> retry() {
        return now.state() == SinkState.RETRYING ? failures.now() : Optional.empty();
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
        failures.add(failure);
        become(SinkState.RETRYING, failure);
        listeners.tell(l -> l.retrying(name.pipeline(), name.sink(), failure));
    }

    /** Nothing is left of what failed: to be opened was not enough, for that fails when it writes again. */
    void recovered() {
        failures.end();
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
