// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What a person may ask of a pipeline's dead letters, whether the pipeline runs or not: nothing here touches a target. What is
 * asked for is written into the queue, and the pipeline does it when it runs. Thread-safe, as the queue is.
 */
public final class DeadLetterRequests {

    /** Enough for few round trips, and little enough to hold. */
    private static final int PAGE = 500;

    private static final Set<DeadLetterState> GIVEN_UP_FROM =
            DeadLetterMove.discarded(java.time.Instant.EPOCH).from();

    private final DeadLetterQueue queue;
    private final String pipeline;
    private final Clock clock;

    /** @param queue open for that pipeline; stays the caller's */
    public DeadLetterRequests(DeadLetterQueue queue, String pipeline, Clock clock) {
        this.queue = Objects.requireNonNull(queue, "queue");
        this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Whose letters these are. */
    public String pipeline() {
        return pipeline;
    }

    /** As {@link DeadLetterQueue#count}. */
    public long count(DeadLetterFilter filter) {
        return queue.count(filter);
    }

    /** As {@link DeadLetterQueue#list}. */
    public List<DeadLetter> list(DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit) {
        return queue.list(filter, after, limit);
    }

    /** As {@link DeadLetterQueue#find}. */
    public Optional<DeadLetter> find(DeadLetter.Id id) {
        return queue.find(id);
    }

    /** As {@link DeadLetterQueue#change}. */
    public Optional<byte[]> change(DeadLetter.Id id) {
        return queue.change(id);
    }

    /**
     * Asks that parked letters be applied.
     *
     * @return how many are wanted now that were parked before
     */
    public long replay(DeadLetterFilter filter) {
        return each(
                filter,
                Set.of(DeadLetterState.PARKED),
                ids -> queue.move(ids, DeadLetterMove.wanted(clock.instant())).size());
    }

    /** How many of those that the filter names {@link #giveUp} would give up. */
    public long openOnes(DeadLetterFilter filter) {
        Optional<DeadLetterFilter> narrowed = narrowed(filter, GIVEN_UP_FROM);
        return narrowed.isPresent() ? queue.count(narrowed.get()) : 0;
    }

    /**
     * Gives letters up that were never applied: the target will miss them, and the pipeline marks their tables DIVERGED. One
     * that a replay works on just now is left alone.
     *
     * @return how many
     */
    public long giveUp(DeadLetterFilter filter) {
        return each(
                filter,
                GIVEN_UP_FROM,
                ids -> queue.move(ids, DeadLetterMove.discarded(clock.instant()))
                        .size());
    }

    /**
     * Removes letters that are applied or superseded.
     *
     * @return how many
     */
    public long removeResolved(DeadLetterFilter filter) {
        return each(filter, DeadLetterState.RESOLVED, queue::remove);
    }

    private long each(DeadLetterFilter filter, Set<DeadLetterState> states, ToLongFunction<List<DeadLetter.Id>> step) {
        Optional<DeadLetterFilter> narrowed = narrowed(filter, states);
        if (narrowed.isEmpty()) {
            return 0;
        }
        long done = 0;
        Optional<DeadLetter.Id> after = Optional.empty();
        List<DeadLetter.Id> page = ids(narrowed.get(), after);
        while (!page.isEmpty()) {
            done += step.applyAsLong(page);
            after = Optional.of(page.get(page.size() - 1));
            page = ids(narrowed.get(), after);
        }
        return done;
    }

    private List<DeadLetter.Id> ids(DeadLetterFilter filter, Optional<DeadLetter.Id> after) {
        List<DeadLetter.Id> ids = new ArrayList<>();
        queue.list(filter, after, PAGE).forEach(letter -> ids.add(letter.id()));
        return ids;
    }

    /** Empty when no letter can be both. */
    private static Optional<DeadLetterFilter> narrowed(DeadLetterFilter filter, Set<DeadLetterState> states) {
        Set<DeadLetterState> both = new HashSet<>(states);
        if (!filter.states().isEmpty()) {
            both.retainAll(filter.states());
        }
        return both.isEmpty() ? Optional.empty() : Optional.of(filter.in(both));
    }
}
