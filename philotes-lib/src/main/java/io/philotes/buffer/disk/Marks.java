// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.Lsn;

/** What a log tells readers and whoever else asks. Thread-safe: one thread at a time tells, any thread asks. */
final class Marks {

    private volatile Lsn appendedUpTo = Lsn.ZERO;
    private volatile Lsn trimmedUpTo = Lsn.ZERO;
    private volatile long heldBytes;
    private volatile Place whole = Place.NONE;
    private volatile Place ahead = Place.NONE;
    private volatile long withdrawals;

    /** The position goes first: a reader takes what is behind {@link #whole} to end behind it. */
    void publish(SegmentLog log) {
        appendedUpTo = log.appendedUpTo();
        trimmedUpTo = log.trimmedUpTo();
        heldBytes = log.heldBytes();
        whole = log.readable();
        ahead = log.ahead();
    }

    /** Readers see it before the files go. */
    void trimmed(SegmentLog log) {
        trimmedUpTo = log.trimmedUpTo();
    }

    /** What is only ahead goes; called before the files are touched, so that whoever reads other bytes is told. */
    void withdraw() {
        ahead = whole;
        withdrawals = withdrawals + 1;
    }

    Lsn appendedUpTo() {
        return appendedUpTo;
    }

    Lsn trimmedUpTo() {
        return trimmedUpTo;
    }

    long heldBytes() {
        return heldBytes;
    }

    /** Everything before it is durable, whole, and never changes. */
    Place whole() {
        return whole;
    }

    /** What is between {@link #whole} and this is durable, and good as long as {@link #withdrawals} does not change. */
    Place ahead() {
        return ahead;
    }

    /** How often something that was ahead may have been taken back. */
    long withdrawals() {
        return withdrawals;
    }
}
