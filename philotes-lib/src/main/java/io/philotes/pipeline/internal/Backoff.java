// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.RetryPolicy;
import java.time.Duration;

/** Counts a row of failures against a {@link RetryPolicy}. Owned by one thread. */
final class Backoff {

    private final RetryPolicy policy;
    private final SteadyTime time;
    private long firstFailure;
    private int attempts;

    Backoff(RetryPolicy policy, SteadyTime time) {
        this.policy = policy;
        this.time = time;
    }

    /** The failures ended. */
    void reset() {
        attempts = 0;
    }

    /**
     * How long to wait after one more failure.
     *
     * @throws PhilotesException the failure itself, when it has lasted too long
     */
    Duration next(PhilotesException failure) {
        if (attempts == 0) {
            firstFailure = time.nanos();
        }
        if (time.since(firstFailure).compareTo(policy.maxDuration()) > 0) {
            throw new PhilotesException(
                            failure.code(),
                            failure.reason() + " (tried again for " + policy.maxDuration() + ")",
                            failure)
                    .hinting(failure.hint());
        }
        return policy.delay(attempts++);
    }
}
