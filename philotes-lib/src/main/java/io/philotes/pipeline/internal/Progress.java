// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.Lsn;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Capture's marks, each only rising; what a sink has is in its {@link LaneProgress}. Thread-safe: every field is atomic or
 * volatile, and each has one writer, named beside it.
 */
final class Progress {

    private final AtomicReference<Lsn> walEnd = new AtomicReference<>(Lsn.ZERO); // capture, housekeeper
    private final AtomicReference<Lsn> received = new AtomicReference<>(Lsn.ZERO); // capture
    private final AtomicReference<Lsn> acknowledged = new AtomicReference<>(Lsn.ZERO); // capture
    private final AtomicLong changesReceived = new AtomicLong(); // capture
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

    Lsn walEnd() {
        return walEnd.get();
    }

    Lsn received() {
        return received.get();
    }

    Lsn acknowledged() {
        return acknowledged.get();
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
}
