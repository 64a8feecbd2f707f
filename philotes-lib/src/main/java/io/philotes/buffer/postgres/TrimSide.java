// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;
import java.util.concurrent.locks.ReentrantLock;

/** Moves the mark up to which nobody needs anything, and drops the tables below it. Thread-safe; an append waits for none of it. */
final class TrimSide {

    private final SharedContents contents;
    private final Retirement retirement;
    private final ReentrantLock lock = new ReentrantLock();

    TrimSide(SharedContents contents, Retirement retirement) {
        this.contents = contents;
        this.retirement = retirement;
    }

    void trim(Lsn upTo, Ownership owner) {
        lock.lock();
        try {
            if (upTo.isAfter(contents.trimmedUpTo())) {
                contents.change(c -> c.trim(upTo));
            }
            dropRetired(owner);
        } finally {
            lock.unlock();
        }
    }

    private void dropRetired(Ownership owner) {
        for (Contents.Retired segment : contents.look(Contents::retired)) {
            if (!retirement.drop(owner, segment)) {
                return;
            }
            contents.change(c -> c.dropped(segment));
        }
    }

    /** Does something while nothing is dropped. */
    void holdOff(Runnable what) {
        lock.lock();
        try {
            what.run();
        } finally {
            lock.unlock();
        }
    }
}
