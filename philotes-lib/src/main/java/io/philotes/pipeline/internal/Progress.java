// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.Lsn;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The marks that capture, apply and status share, each only rising. Thread-safe: every field is atomic or volatile, and each
 * has one writer, named beside it.
 */
final class Progress {

    private final AtomicReference<Lsn> walEnd = new AtomicReference<>(Lsn.ZERO); // capture, housekeeper
    private final AtomicReference<Lsn> received = new AtomicReference<>(Lsn.ZERO); // capture
    private final AtomicReference<Lsn> acknowledged = new AtomicReference<>(Lsn.ZERO); // capture
    private final AtomicReference<Lsn> covered = new AtomicReference<>(Lsn.ZERO); // apply
    private final AtomicReference<Lsn> commitWanted = new AtomicReference<>(Lsn.ZERO); // callers
    private final AtomicLong changesReceived = new AtomicLong(); // capture
    private final AtomicLong commits = new AtomicLong(); // apply
    private volatile long lastCommitMillis; // apply
    private volatile long lastMovementMillis; // apply, copy
    private volatile long oldestUncommittedMicros; // apply
    private volatile boolean waitsForRoom; // capture

    static void raise(AtomicReference<Lsn> mark, Lsn to) {
        mark.accumulateAndGet(to, Lsn::max);
    }

    void walEnd(Lsn lsn) {
        raise(walEnd, lsn);
    }

    void received(Lsn upTo, long changes) {
        raise(received, upTo);
        raise(walEnd, upTo);
        changesReceived.addAndGet(changes);
    }

    void acknowledged(Lsn upTo) {
        raise(acknowledged, upTo);
    }

    void covered(Lsn upTo, long nowMillis) {
        if (upTo.isAfter(covered.get())) {
            moved(nowMillis);
        }
        raise(covered, upTo);
    }

    void committed(long nowMillis) {
        commits.incrementAndGet();
        lastCommitMillis = nowMillis;
        moved(nowMillis);
    }

    void moved(long nowMillis) {
        lastMovementMillis = nowMillis;
    }

    /** Commit time of the oldest change that is written and not committed; 0 for none. */
    void oldestUncommitted(long micros) {
        oldestUncommittedMicros = micros;
    }

    /** Asks that everything up to {@code upTo} be committed without waiting for the interval. */
    void wantCommit(Lsn upTo) {
        raise(commitWanted, upTo);
    }

    Lsn walEnd() {
        return walEnd.get();
    }

    Lsn received() {
        return received.get();
    }

    Lsn acknowledged() {
        return acknowledged.get();
    }

    Lsn covered() {
        return covered.get();
    }

    /** Whether somebody waits for a position that is reached at {@code cursor} and was not at {@code settled}. */
    boolean commitWantedBetween(Lsn settled, Lsn cursor) {
        Lsn wanted = commitWanted.get();
        return wanted.isAfter(settled) && !cursor.isBefore(wanted);
    }

    /** Capture has a batch in its hands that the full buffer does not take, or not any more. */
    void waitsForRoom(boolean now) {
        waitsForRoom = now;
    }

    boolean waitsForRoom() {
        return waitsForRoom;
    }

    long changesReceived() {
        return changesReceived.get();
    }

    long commits() {
        return commits.get();
    }

    long lastCommitMillis() {
        return lastCommitMillis;
    }

    long lastMovementMillis() {
        return lastMovementMillis;
    }

    long oldestUncommittedMicros() {
        return oldestUncommittedMicros;
    }
}
