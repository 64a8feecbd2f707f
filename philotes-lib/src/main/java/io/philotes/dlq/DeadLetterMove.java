// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import static io.philotes.dlq.DeadLetterState.APPLIED;
import static io.philotes.dlq.DeadLetterState.APPLYING;
import static io.philotes.dlq.DeadLetterState.DISCARDED;
import static io.philotes.dlq.DeadLetterState.PARKED;
import static io.philotes.dlq.DeadLetterState.SUPERSEDED;
import static io.philotes.dlq.DeadLetterState.WANTED;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A step of dead letters from one state to another. Immutable.
 *
 * @param from a letter moves only if it stands in one of these
 * @param to where it stands then
 * @param replay what {@link DeadLetter#replay} becomes; empty leaves it
 * @param failure what went wrong when it was tried: becomes its code and reason, and counts as an attempt
 * @param at when, for {@link DeadLetter#stateSince}
 */
public record DeadLetterMove(
        Set<DeadLetterState> from, DeadLetterState to, Optional<String> replay, Optional<Failure> failure, Instant at) {

    /**
     * Why a letter could not be applied.
     *
     * @param code the error's stable code
     * @param reason without any value of the row
     */
    public record Failure(String code, String reason) {

        public Failure {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** @throws IllegalArgumentException for a step that {@link DeadLetterState#mayBecome} does not allow */
    public DeadLetterMove {
        from = Set.copyOf(from);
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(replay, "replay");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(at, "at");
        for (DeadLetterState state : from) {
            if (!state.mayBecome(to)) {
                throw new IllegalArgumentException("a dead letter does not go from " + state + " to " + to);
            }
        }
    }

    /** Somebody asks that parked letters be applied. */
    public static DeadLetterMove wanted(Instant at) {
        return plain(Set.of(PARKED), WANTED, at);
    }

    /** The pipeline takes wanted letters into a replay, before its commit. */
    public static DeadLetterMove applying(String replay, Instant at) {
        return new DeadLetterMove(Set.of(WANTED), APPLYING, Optional.of(replay), Optional.empty(), at);
    }

    /** The replay's commit landed. */
    public static DeadLetterMove applied(Instant at) {
        return plain(Set.of(APPLYING), APPLIED, at);
    }

    /** It was tried in a replay, and still cannot be applied. */
    public static DeadLetterMove failedAgain(String code, String reason, Instant at) {
        return new DeadLetterMove(
                Set.of(APPLYING), PARKED, Optional.of(""), Optional.of(new Failure(code, reason)), at);
    }

    /** Not tried: it waits behind another, the wish was withdrawn, or the replay's commit did not land. */
    public static DeadLetterMove parkedAgain(Instant at) {
        return new DeadLetterMove(Set.of(WANTED, APPLYING), PARKED, Optional.of(""), Optional.empty(), at);
    }

    /** The target has something newer. */
    public static DeadLetterMove superseded(Instant at) {
        return plain(DeadLetterState.BLOCKING, SUPERSEDED, at);
    }

    /** Somebody gives letters up that were never applied. */
    public static DeadLetterMove discarded(Instant at) {
        return plain(Set.of(PARKED, WANTED), DISCARDED, at);
    }

    private static DeadLetterMove plain(Set<DeadLetterState> from, DeadLetterState to, Instant at) {
        return new DeadLetterMove(from, to, Optional.empty(), Optional.empty(), at);
    }

    /**
     * The letter as it stands after this move.
     *
     * @throws IllegalArgumentException when it stands in none of {@link #from}
     */
    public DeadLetter of(DeadLetter letter) {
        if (!from.contains(letter.state())) {
            throw new IllegalArgumentException("a letter in state " + letter.state() + " does not take this move");
        }
        return new DeadLetter(
                letter.id(),
                letter.keys(),
                failure.map(Failure::code).orElse(letter.code()),
                failure.map(Failure::reason).orElse(letter.reason()),
                letter.parkedAt(),
                letter.attempts() + (failure.isPresent() ? 1 : 0),
                to,
                replay.orElse(letter.replay()),
                at,
                letter.changeBytes());
    }
}
