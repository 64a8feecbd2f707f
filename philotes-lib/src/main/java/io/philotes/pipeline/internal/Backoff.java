// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Counts a row of failures against a {@link RetryPolicy}. Owned by one thread. */
final class Backoff {

    private final RetryPolicy policy;
    private final Clock clock;
    private Instant firstFailure;
    private int attempts;

    Backoff(RetryPolicy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** The failures ended. */
    void reset() {
        firstFailure = null;
        attempts = 0;
    }

    /**
     * How long to wait after one more failure.
     *
     * @throws PhilotesException the failure itself, when it has lasted too long
     */
    Duration next(PhilotesException failure) {
        Instant now = clock.instant();
        if (firstFailure == null) {
            firstFailure = now;
        }
        if (Duration.between(firstFailure, now).compareTo(policy.maxDuration()) > 0) {
            throw new PhilotesException(
                    failure.code(), failure.reason() + " (tried again for " + policy.maxDuration() + ")", failure);
        }
        return policy.delay(attempts++);
    }
}
