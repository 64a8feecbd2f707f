// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.buffer.internal.BatchOrder;
import io.philotes.buffer.internal.PartsAhead;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.time.Duration;

/** A place in a {@link MemoryBuffer}: behind {@code position}, and inside a spilled transaction before {@code part}. */
final class MemoryReader implements BufferReader {

    /**
     * @param reader the reader's name, for messages
     * @param after the end of the last transaction that was read
     * @param inside the transaction of which parts were read; null for none
     * @param part how many of its parts were read
     * @param ahead whether parts are read before the last one has come
     */
    record Place(String reader, Lsn after, HeldTransactions inside, int part, boolean ahead) {}

    private final MemoryBuffer buffer;
    private final String name;
    private Lsn position;
    private HeldTransactions inside;
    private int part;
    private boolean ahead;
    private volatile boolean closed;

    MemoryReader(MemoryBuffer buffer, String name, Lsn after) {
        this.buffer = buffer;
        this.name = name;
        this.position = after;
    }

    @Override
    public ChangeBatch poll(Duration timeout) throws InterruptedException {
        return poll(timeout, ahead);
    }

    @Override
    public ChangeBatch pollAhead(Duration timeout) throws InterruptedException {
        return poll(timeout, true);
    }

    private ChangeBatch poll(Duration timeout, boolean mayGoAhead) throws InterruptedException {
        if (closed) {
            return null;
        }
        NextTransactions next = buffer.awaitNext(new Place(name, position, inside, part, mayGoAhead), timeout);
        return next == null ? null : take(next);
    }

    private ChangeBatch take(NextTransactions next) {
        try {
            HeldTransactions transactions = next.transactions();
            ChangeBatch batch = transactions.batch(part);
            part++;
            inside = transactions;
            ahead = next.endLsn() == null;
            if (!ahead && part == transactions.batches()) {
                position = next.endLsn();
                inside = null;
                part = 0;
            }
            return batch;
        } catch (IOException e) {
            return afterFailure(next, e);
        }
    }

    @Override
    public boolean isAhead() {
        return ahead;
    }

    private ChangeBatch afterFailure(NextTransactions next, IOException e) {
        if (buffer.isClosed()) {
            return null;
        }
        if (next.endLsn() == null && !buffer.areComing(next.transactions())) {
            throw PartsAhead.withdrawn(name, position);
        }
        Lsn trimmed = buffer.trimmedUpTo();
        if (position.isBefore(trimmed)) {
            throw BatchOrder.trimmed(name, position, trimmed);
        }
        throw new PhilotesException(ErrorCode.BUFFER_FAILED, "Cannot read for '" + name + "': " + e.getMessage(), e);
    }

    @Override
    public void close() {
        closed = true;
    }
}
