// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.internal.BatchOrder;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A place in a {@link PostgresBuffer}: behind a position, and behind a row. It holds a few megabytes of what comes next. */
final class PostgresReader implements BufferReader {

    private final PostgresBuffer buffer;
    private final String name;
    private final RowReader rows;
    private final Deque<ChangeBatch> next = new ArrayDeque<>();
    private Lsn position;
    private volatile boolean closed;

    PostgresReader(PostgresBuffer buffer, String name, Lsn after, RowReader rows) {
        this.buffer = buffer;
        this.name = name;
        this.position = after;
        this.rows = rows;
    }

    @Override
    public ChangeBatch poll(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!closed && !buffer.isClosed()) {
            long seen = buffer.changes().count();
            ChangeBatch batch = next();
            if (batch != null) {
                return batch;
            }
            if (!buffer.changes().await(seen, deadline)) {
                return null;
            }
        }
        return null;
    }

    private ChangeBatch next() {
        requireNotTrimmed();
        Readable readable = buffer.readable();
        if (readable.upTo().isBefore(position)) {
            return null; // It began behind the end, and rows that come before its place are none of its own.
        }
        if (next.isEmpty() && !rows.fetch(buffer, position, readable.lastSeq(), next)) {
            // A table went that holds nothing for this reader, unless more was trimmed than it knows.
            requireNotTrimmed();
            buffer.changes().raise();
            return null;
        }
        ChangeBatch batch = next.poll();
        if (batch == null && position.isBefore(readable.upTo())) {
            batch = ChangeBatch.progress(readable.upTo());
        }
        if (batch != null && batch.endsOnBoundary()) {
            position = batch.endLsn();
        }
        return batch;
    }

    private void requireNotTrimmed() {
        Lsn trimmed = buffer.trimmedUpTo();
        if (position.isBefore(trimmed)) {
            throw BatchOrder.trimmed(name, position, trimmed);
        }
    }

    @Override
    public void close() {
        closed = true;
        rows.close();
    }
}
