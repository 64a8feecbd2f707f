// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a failure that may pass is tried again: delays double from the first to the largest, each shortened by up to half at
 * random, until the whole has taken too long. Immutable.
 *
 * @param initialDelay before the second try
 * @param maxDelay the largest
 * @param maxDuration after which a failure that did not pass ends the pipeline; measured from the first failure of a row of
 *     them
 */
public record RetryPolicy(Duration initialDelay, Duration maxDelay, Duration maxDuration) {

    /** Ten minutes ride out a failover or a deployment of the catalog; longer needs a person anyway. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(10));

    public RetryPolicy {
        if (initialDelay.isNegative() || initialDelay.isZero() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("delays must be positive and rising: " + initialDelay + ", " + maxDelay);
        }
        if (maxDuration.isNegative()) {
            throw new IllegalArgumentException("maxDuration must not be negative: " + maxDuration);
        }
    }

    /** The delay after failure number {@code attempt}, counted from 0; random within its upper half. */
    public Duration delay(int attempt) {
        long doubled = initialDelay.toMillis() << Math.min(attempt, 20);
        long capped = Math.min(doubled, maxDelay.toMillis());
        return Duration.ofMillis(capped / 2 + ThreadLocalRandom.current().nextLong(capped / 2 + 1));
    }
}
