// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.time.Duration;
import java.util.Objects;

/**
 * How one table's commit is brought to an end that is known, before the engine begins again from what is committed. Delays
 * double from the first to the largest, each shortened by up to half at random; the commit timeout bounds the whole. Immutable.
 *
 * @param attempts how often a commit is built and sent, when others were faster
 * @param looks how often a catalog that does not answer is asked whether a commit landed
 * @param initialDelay before the second attempt or look
 * @param maxDelay the largest
 */
public record CommitRetry(int attempts, int looks, Duration initialDelay, Duration maxDelay) {

    /** Rides out a busy compactor, and half a minute of a catalog that restarts. */
    public static final CommitRetry DEFAULT = new CommitRetry(8, 20, Duration.ofMillis(50), Duration.ofSeconds(2));

    public CommitRetry {
        Objects.requireNonNull(initialDelay, "initialDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        if (attempts < 1 || looks < 1) {
            throw new IllegalArgumentException("at least one attempt and one look: " + attempts + ", " + looks);
        }
        if (initialDelay.isNegative() || initialDelay.isZero() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("delays must be positive and rising: " + initialDelay + ", " + maxDelay);
        }
    }

    /** With another number of attempts. */
    public CommitRetry attempts(int number) {
        return new CommitRetry(number, looks, initialDelay, maxDelay);
    }
}
