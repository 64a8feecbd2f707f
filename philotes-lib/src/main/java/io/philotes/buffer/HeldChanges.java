// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.buffer.internal.BatchOrder;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What a {@link MemoryBuffer} holds, by end LSN, and its marks. Guarded by the buffer's lock, but for {@link #trouble}. */
final class HeldChanges {

    private final long limitBytes;
    private final Spilling spilling;
    private final NavigableMap<Lsn, HeldTransactions> held = new TreeMap<>();
    private Lsn appendedUpTo = Lsn.ZERO;
    private Lsn trimmedUpTo = Lsn.ZERO;
    private long heldBytes;

    HeldChanges(long limitBytes, Spilling spilling) {
        this.limitBytes = limitBytes;
        this.spilling = spilling;
    }

    /** Takes a batch; false, with nothing changed, when there is no room for it. */
    boolean append(ChangeBatch batch) {
        return hasRoomFor(batch) && take(batch);
    }

    private boolean hasRoomFor(ChangeBatch batch) {
        return spilling.isOpen() || heldBytes == 0 || heldBytes + HeldBatch.cost(batch) <= limitBytes;
    }

    private boolean take(ChangeBatch batch) {
        spilling.requireUsable();
        BatchOrder.requireNext(batch, spilling.isOpen(), appendedUpTo);
        if (spilling.isOpen() || !batch.endsOnBoundary()) {
            return spill(batch);
        }
        hold(batch.endLsn(), new HeldBatch(batch));
        heldBytes += HeldBatch.cost(batch);
        return true;
    }

    /** False when the disk is full. */
    private boolean spill(ChangeBatch part) {
        if (!spilling.add(part)) {
            return false;
        }
        heldBytes += part.length();
        if (part.endsOnBoundary()) {
            hold(part.endLsn(), spilling.take());
        }
        return true;
    }

    private void hold(Lsn endLsn, HeldTransactions transactions) {
        if (!held.isEmpty() && isProgress(held.lastEntry().getValue()) && isProgress(transactions)) {
            held.pollLastEntry();
        }
        held.put(endLsn, transactions);
        appendedUpTo = endLsn;
    }

    private static boolean isProgress(HeldTransactions transactions) {
        return transactions instanceof HeldBatch one && one.batch().isEmpty();
    }

    void discardIncomplete() {
        heldBytes -= spilling.discard();
    }

    void startAt(Lsn position) {
        BatchOrder.requireStart(position, held.isEmpty() && !spilling.isOpen(), appendedUpTo);
        appendedUpTo = position;
        trimmedUpTo = position;
    }

    void trim(Lsn upTo) {
        Lsn target = Lsn.min(upTo, appendedUpTo);
        if (!target.isAfter(trimmedUpTo)) {
            return;
        }
        trimmedUpTo = target;
        NavigableMap<Lsn, HeldTransactions> gone = held.headMap(target, true);
        for (HeldTransactions transactions : gone.values()) {
            heldBytes -= transactions.bytes();
            transactions.release();
        }
        gone.clear();
    }

    /** Lets everything go; the marks stay. */
    void release() {
        discardIncomplete();
        held.values().forEach(HeldTransactions::release);
        held.clear();
        heldBytes = 0;
    }

    /** As if it had never been used. */
    void reset() {
        release();
        appendedUpTo = Lsn.ZERO;
        trimmedUpTo = Lsn.ZERO;
    }

    /** What a reader reads next; null when there is nothing yet. */
    NextTransactions behind(MemoryReader.Place place) {
        // A reader that begins behind the end waits for its place: nobody knows where what comes ends.
        boolean mayEndBefore = place.after().isAfter(appendedUpTo);
        return NextTransactions.behind(place, held, mayEndBefore ? null : spilling.ahead());
    }

    /** Whether these come in and were not taken back. */
    boolean areComing(HeldTransactions transactions) {
        return spilling.ahead() == transactions;
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

    Optional<PhilotesException> trouble() {
        return spilling.trouble();
    }
}
