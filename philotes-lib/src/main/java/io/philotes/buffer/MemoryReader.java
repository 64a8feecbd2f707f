// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.buffer.internal.BatchOrder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A place in a {@link MemoryBuffer}: behind {@code position}, and inside a spilled transaction before {@code part}. */
final class MemoryReader implements BufferReader {

    private final MemoryBuffer buffer;
    private final String name;
    private Lsn position;
    private int part;
    private volatile boolean closed;

    MemoryReader(MemoryBuffer buffer, String name, Lsn after) {
        this.buffer = buffer;
        this.name = name;
        this.position = after;
    }

    @Override
    public ChangeBatch poll(Duration timeout) throws InterruptedException {
        if (closed) {
            return null;
        }
        Map.Entry<Lsn, HeldTransactions> next = buffer.awaitAfter(name, position, timeout);
        return next == null ? null : take(next.getKey(), next.getValue());
    }

    private ChangeBatch take(Lsn endLsn, HeldTransactions transactions) {
        try {
            ChangeBatch batch = transactions.batch(part);
            part++;
            if (part == transactions.batches()) {
                position = endLsn;
                part = 0;
            }
            return batch;
        } catch (IOException e) {
            return afterFailure(e);
        }
    }

    private ChangeBatch afterFailure(IOException e) {
        if (buffer.isClosed()) {
            return null;
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
