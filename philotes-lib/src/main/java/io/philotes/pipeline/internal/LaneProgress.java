// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How far one sink is, for its apply thread and the status. Thread-safe: every field is atomic or volatile, and each has one
 * writer, named beside it. The marks only rise.
 */
final class LaneProgress {

    private final SteadyTime time;
    private final AtomicReference<Lsn> covered = new AtomicReference<>(Lsn.ZERO); // apply
    private final AtomicReference<Lsn> commitWanted = new AtomicReference<>(Lsn.ZERO); // callers
    private final AtomicLong commits = new AtomicLong(); // apply
    private final AtomicLong rounds = new AtomicLong(); // apply
    private volatile long lastCommitMillis; // apply
    private volatile long movedAt; // apply, copy
    private volatile long oldestUncommittedMicros; // apply

    LaneProgress(SteadyTime time) {
        this.time = time;
        this.movedAt = time.nanos();
    }

    void covered(Lsn upTo) {
        if (upTo.isAfter(covered.get())) {
            moved();
        }
        Progress.raise(covered, upTo);
    }

    void committed(long nowMillis) {
        commits.incrementAndGet();
        lastCommitMillis = nowMillis;
        moved();
    }

    /** A commit round went well, whether there was anything to commit or not. */
    void roundEnded() {
        rounds.incrementAndGet();
    }

    void moved() {
        movedAt = time.nanos();
    }

    /** Commit time of the oldest change that is written and not committed; 0 for none. */
    void oldestUncommitted(long micros) {
        oldestUncommittedMicros = micros;
    }

    /** Asks that everything up to {@code upTo} be committed without waiting for the interval. */
    void wantCommit(Lsn upTo) {
        Progress.raise(commitWanted, upTo);
    }

    /** Nothing that ends at or before it is missing in a table that is not behind. */
    Lsn covered() {
        return covered.get();
    }

    /** Whether somebody waits for a position that is reached at {@code cursor} and was not at {@code settled}. */
    boolean commitWantedBetween(Lsn settled, Lsn cursor) {
        Lsn wanted = commitWanted.get();
        return wanted.isAfter(settled) && !cursor.isBefore(wanted);
    }

    long commits() {
        return commits.get();
    }

    long rounds() {
        return rounds.get();
    }

    long lastCommitMillis() {
        return lastCommitMillis;
    }

    /** Since it moved last, or was made. */
    Duration stillFor() {
        return time.since(movedAt);
    }

    long oldestUncommittedMicros() {
        return oldestUncommittedMicros;
    }
}
