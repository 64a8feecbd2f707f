// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How long dead letters are kept in which nothing is left to do, applied and superseded ones. Others are never touched: a
 * letter that was not applied goes away by a person's order alone. Immutable.
 *
 * @param maxAge how long after it was resolved a letter is removed
 * @param maxBytes how many bytes of changes are kept; above it the oldest go first
 */
public record DeadLetterRetention(Duration maxAge, long maxBytes) {

    /** A month to look up what a replay did; a gibibyte fits beside any pipeline's state. */
    public static final DeadLetterRetention DEFAULT = new DeadLetterRetention(Duration.ofDays(30), 1L << 30);

    private static final int PAGE = 500;

    private static final DeadLetterFilter RESOLVED = DeadLetterFilter.ALL.in(DeadLetterState.RESOLVED);

    /** @throws IllegalArgumentException for an age or a size below zero */
    public DeadLetterRetention {
        Objects.requireNonNull(maxAge, "maxAge");
        if (maxAge.isNegative() || maxBytes < 0) {
            throw new IllegalArgumentException("maxAge and maxBytes must not be negative");
        }
    }

    /** What is known of a letter that stays for its age. */
    private record Kept(DeadLetter.Id id, Instant since, long bytes) {}

    /**
     * Removes what need not be kept any more.
     *
     * @return how many letters
     */
    public int apply(DeadLetterQueue queue, Instant now) {
        Instant oldest = now.minus(maxAge);
        List<Kept> kept = new ArrayList<>();
        long bytes = 0;
        int removed = 0;
        List<DeadLetter> page = queue.list(RESOLVED, Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            List<DeadLetter.Id> old = new ArrayList<>();
            for (DeadLetter letter : page) {
                if (letter.stateSince().isBefore(oldest)) {
                    old.add(letter.id());
                } else {
                    kept.add(new Kept(letter.id(), letter.stateSince(), letter.changeBytes()));
                    bytes += letter.changeBytes();
                }
            }
            removed += queue.remove(old);
            page = queue.list(RESOLVED, Optional.of(page.get(page.size() - 1).id()), PAGE);
        }
        return removed + removeOldest(queue, kept, bytes);
    }

    private int removeOldest(DeadLetterQueue queue, List<Kept> kept, long bytes) {
        if (bytes <= maxBytes) {
            return 0;
        }
        kept.sort(Comparator.comparing(Kept::since));
        List<DeadLetter.Id> over = new ArrayList<>();
        long rest = bytes;
        for (Kept one : kept) {
            if (rest <= maxBytes) {
                break;
            }
            over.add(one.id());
            rest -= one.bytes();
        }
        return queue.remove(over);
    }
}
