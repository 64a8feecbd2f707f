// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.time.Duration;
import java.time.Instant;

/**
 * When the next commit round is due. The interval counts from the beginning of a round, so that it bounds how old a change
 * gets before its commit begins. But between two rounds changes are gathered for at least as long as the last one took, or
 * nearly all time would go into commits of a few changes each; and far behind the source, where no commit shows anything that
 * is fresh, for so long that rounds take a tenth of the time. The clock is the wall's: a round that seems further ahead than it
 * can be is due, or a clock that was set back by hours would stop commits for as long; and so would one that was set forward in a
 * round, or a machine that slept in it, if whatever a round seems to have taken were waited for. Mutable, confined to the apply
 * thread.
 */
final class CommitPace {

    /** Some tenths of a second of a busy source: less is not a backlog, but what has just come. */
    private static final long BACKLOG_BYTES = 8L << 20;

    private static final int GATHERED_PER_ROUND = 9;

    /** However slow commits are, somebody looks at the tables. */
    private static final Duration LONGEST_GATHERING = Duration.ofSeconds(30);

    /** What seems to have taken longer may have been a step of the clock. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

    private final Duration interval;
    private Instant due;
    private Instant dueBehind;
    private Duration furthest;

    CommitPace(Duration interval, Instant now) {
        this.interval = interval;
        // Whoever starts it sees at once that it works.
        this.due = now;
        this.dueBehind = now.plus(interval);
        this.furthest = interval;
    }

    void committed(Instant began, Instant ended) {
        Duration took = shorter(Duration.between(began, ended), LONGEST_ROUND);
        Duration gathered = shorter(took.multipliedBy(GATHERED_PER_ROUND), LONGEST_GATHERING);
        due = later(began.plus(interval), ended.plus(took));
        dueBehind = later(due, ended.plus(gathered));
        furthest = interval.plus(took.isNegative() ? Duration.ZERO : took).plus(LONGEST_GATHERING);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }

    /** @param backlogBytes what waits to be written */
    boolean isDue(Instant now, long backlogBytes) {
        return isPast(due, now) && (backlogBytes < BACKLOG_BYTES || isPast(dueBehind, now));
    }

    private boolean isPast(Instant when, Instant now) {
        return !now.isBefore(when) || now.plus(furthest).isBefore(when);
    }

    /** How long to wait for changes at most before somebody asks again; never nothing, never more than {@code most}. */
    Duration untilDue(Instant now, Duration most) {
        return isPast(due, now) ? Duration.ofMillis(1) : shorter(Duration.between(now, due), most);
    }
}
