// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the mark up to which nobody needs anything, and drops the tables below it. A table that somebody reads is left for
 * later and keeps no other; as waiting for it takes a second, each call meets one such table at most, and the next call
 * another. Thread-safe; an append waits for it only where it has no room.
 */
final class TrimSide {

    private static final Logger LOG = LoggerFactory.getLogger(TrimSide.class);

    private final SharedContents contents;
    private final Retirement retirement;
    private final ReentrantLock lock = new ReentrantLock();

    /** What could not be dropped, the last try last; guarded by the lock. */
    private final List<Contents.Retired> refused = new ArrayList<>();

    /** Of the last try; null when it went well. */
    private volatile PhilotesException refusal;

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
        for (Contents.Retired segment : inTurn()) {
            if (!drop(owner, segment)) {
                return;
            }
        }
    }

    /** Whether a table was dropped; false when there is none to drop, when it could not be, and while another thread does it. */
    boolean dropOne(Ownership owner) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            List<Contents.Retired> next = inTurn();
            return !next.isEmpty() && drop(owner, next.get(0));
        } finally {
            lock.unlock();
        }
    }

    /** The oldest first, but behind those that were not tried yet what was refused. */
    private List<Contents.Retired> inTurn() {
        List<Contents.Retired> all = contents.look(Contents::retired);
        refused.retainAll(all);
        all.sort(Comparator.comparing(refused::indexOf));
        return all;
    }

    private boolean drop(Ownership owner, Contents.Retired segment) {
        try {
            retirement.drop(owner, segment);
        } catch (PhilotesException e) {
            refuse(segment, e);
            return false;
        }
        contents.change(c -> c.dropped(segment));
        refused.remove(segment);
        refusal = null;
        return true;
    }

    /** Nothing is thrown for it, as it only takes room. */
    private void refuse(Contents.Retired segment, PhilotesException why) {
        if (refused.isEmpty()) {
            LOG.warn(
                    "A part of the buffer that is done with cannot be dropped yet and takes room: {}",
                    why.getMessage());
        }
        refused.remove(segment);
        refused.add(segment);
        refusal = why;
    }

    /** What an append that found no room waits for; empty when that is a reader, or a drop that is under way. */
    Optional<PhilotesException> inTheWay() {
        PhilotesException why = refusal;
        return why == null || !contents.look(Contents::isFullOfRetired)
                ? Optional.empty()
                : Optional.of(new PhilotesException(
                                ErrorCode.BUFFER_FULL,
                                "Cannot take more changes into the buffer: it is full of tables that nobody needs; "
                                        + why.reason(),
                                why)
                        .hinting(why.hint()));
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
