// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.internal.Changes;
import io.philotes.model.Lsn;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@link Contents} under a lock, and the marks that are read without it. Thread-safe; nothing here waits for a database. */
final class SharedContents {

    private final BufferLimits limits;
    private final Changes changes;
    private final ReentrantLock lock = new ReentrantLock();
    private Contents contents;

    private volatile Readable readable = new Readable(0, Lsn.ZERO);
    private volatile Lsn trimmedUpTo = Lsn.ZERO;
    private volatile long heldBytes;

    SharedContents(BufferLimits limits, Changes changes) {
        this.limits = limits;
        this.changes = changes;
    }

    /** What a taking found becomes what is known; {@code trimmed} is how far was trimmed already. */
    void found(StoredState stored, Lsn trimmed) {
        lock.lock();
        try {
            contents = new Contents(limits, stored, trimmed);
            publish();
        } finally {
            lock.unlock();
        }
    }

    <T> T look(Function<Contents, T> at) {
        lock.lock();
        try {
            return at.apply(contents);
        } finally {
            lock.unlock();
        }
    }

    void change(Consumer<Contents> what) {
        lock.lock();
        try {
            what.accept(contents);
            publish();
        } finally {
            lock.unlock();
        }
    }

    private void publish() {
        trimmedUpTo = contents.trimmedUpTo();
        heldBytes = contents.heldBytes();
        readable = new Readable(contents.lastSeq(), contents.appendedUpTo());
        changes.raise();
    }

    Readable readable() {
        return readable;
    }

    Lsn trimmedUpTo() {
        return trimmedUpTo;
    }

    long heldBytes() {
        return heldBytes;
    }
}
