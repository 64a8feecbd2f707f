// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Retry;
import java.time.Clock;
import java.util.Optional;

/**
 * Failures of one stage without a success between, for the status; what is done about them is decided by a {@link Backoff}.
 * One thread at a time writes, any may read: one immutable value, replaced as a whole.
 */
final class FailureRow {

    private final Retry.Stage stage;
    private final Optional<String> sink;
    private final Clock clock;
    private volatile Retry now;

    /** @param sink the one that it is about; empty for what all share */
    FailureRow(Retry.Stage stage, Optional<String> sink, Clock clock) {
        this.stage = stage;
        this.sink = sink;
        this.clock = clock;
    }

    void add(PhilotesException failure) {
        Retry before = now;
        now = before == null
                ? new Retry(stage, sink, clock.instant(), 1, failure)
                : new Retry(stage, sink, before.since(), before.failures() + 1, failure);
    }

    /** It went well. */
    void end() {
        if (now != null) {
            now = null;
        }
    }

    Optional<Retry> now() {
        return Optional.ofNullable(now);
    }
}
