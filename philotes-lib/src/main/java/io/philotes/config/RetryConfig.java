// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.pipeline.RetryPolicy;
import java.time.Duration;

/**
 * How failures that may pass are tried again; the defaults are those of {@link RetryPolicy#DEFAULT}. Immutable.
 *
 * @param maxDuration after which the pipeline fails
 * @param initialDelay before the second try
 * @param maxDelay the largest delay
 */
public record RetryConfig(Duration maxDuration, Duration initialDelay, Duration maxDelay) {

    public RetryConfig {
        maxDuration = Positive.orDefault("max-duration", maxDuration, RetryPolicy.DEFAULT.maxDuration());
        initialDelay = Positive.orDefault("initial-delay", initialDelay, RetryPolicy.DEFAULT.initialDelay());
        maxDelay = Positive.orDefault("max-delay", maxDelay, RetryPolicy.DEFAULT.maxDelay());
        if (maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("max-delay must not be less than initial-delay");
        }
    }

    RetryPolicy policy() {
        return new RetryPolicy(initialDelay, maxDelay, maxDuration);
    }
}
