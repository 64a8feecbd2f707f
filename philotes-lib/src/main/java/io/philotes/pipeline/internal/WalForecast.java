// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How fast a number of bytes grows, by a straight line through what was seen in the last minutes: the slot moves in steps,
 * so that two looks alone would tell anything. Owned by one thread.
 */
final class WalForecast {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int LEAST_LOOKS = 3;

    /** What came in a burst says nothing of the next hours. */
    private static final Duration LEAST_SPAN = Duration.ofMinutes(2);

    private record Seen(Instant at, long bytes) {}

    private final Deque<Seen> seen = new ArrayDeque<>();

    void add(Instant at, long bytes) {
        if (!seen.isEmpty() && at.isBefore(seen.peekLast().at())) {
            seen.clear(); // The clock was set back: what was seen before says nothing of how fast it grows now.
        }
        seen.addLast(new Seen(at, bytes));
        while (seen.size() > LEAST_LOOKS && seen.peekFirst().at().isBefore(at.minus(WINDOW))) {
            seen.removeFirst();
        }
    }

    /** Bytes per second; 0 when it does not grow, or too little was seen. */
    double growth() {
        if (seen.size() < LEAST_LOOKS) {
            return 0;
        }
        Instant first = seen.peekFirst().at();
        if (Duration.between(first, seen.peekLast().at()).compareTo(LEAST_SPAN) < 0) {
            return 0;
        }
        double meanSeconds =
                seen.stream().mapToDouble(s -> seconds(first, s)).average().orElseThrow();
        double meanBytes = seen.stream().mapToDouble(Seen::bytes).average().orElseThrow();
        double together = 0;
        double spread = 0;
        for (Seen one : seen) {
            double seconds = seconds(first, one) - meanSeconds;
            together += seconds * (one.bytes() - meanBytes);
            spread += seconds * seconds;
        }
        return spread == 0 ? 0 : Math.max(0, together / spread);
    }

    private static double seconds(Instant first, Seen one) {
        return Duration.between(first, one.at()).toMillis() / 1000.0;
    }

    /** When so many more bytes are there; empty when it does not grow. */
    Optional<Duration> until(long bytesLeft) {
        double growth = growth();
        if (growth < 1) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds((long) (Math.max(0, bytesLeft) / growth)));
    }
}
