// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.source.ChangeStream;
import io.philotes.source.SourceIdentity;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.replication.PGReplicationStream;

/**
 * Reads the slot. Confined to the capture thread.
 *
 * <p>The driver's {@code readPending} is the wait: when nothing is there it listens to the socket for a millisecond. (Its
 * blocking read does not survive a socket timeout, and so could answer no keepalive.) After some such empty looks the idle
 * strategy rests longer. Progress on an idle database is the driver's last received position, taken only when nothing is
 * pending and no transaction is open: then everything before it has been handed over.
 */
final class ReplicationStream implements ChangeStream {

    /** A whole transaction does not wait longer than this for the batch to fill. */
    private static final long LINGER_NANOS = Duration.ofMillis(20).toNanos();

    /** Kept strongly: the driver closes a connection that nobody but its stream refers to. */
    private final Connection connection;

    private final PGReplicationStream stream;
    private final CatalogSession session;
    private final TransactionAssembler assembler;
    private final StreamedTransactions streamed;
    private final SkippedPublication skipped;
    private final StatusUpdates status;
    private final Liveness liveness;
    private final SourceIdentity identity;
    private final IdleWait idle = new IdleWait();

    private Lsn handedOver;
    private Lsn received;
    private long wholeSince;
    private boolean closed;

    ReplicationStream(
            Connection connection,
            PGReplicationStream stream,
            CatalogSession session,
            TransactionAssembler assembler,
            StreamedTransactions streamed,
            SkippedPublication skipped,
            StreamStart start) {
        this.connection = connection;
        this.stream = stream;
        this.session = session;
        this.assembler = assembler;
        this.streamed = streamed;
        this.skipped = skipped;
        this.status = new StatusUpdates(stream, start.confirmed(), start.timeout());
        this.liveness = new Liveness(session, start.walsenderPid());
        this.identity = start.identity();
        this.handedOver = start.from();
        this.received = start.from();
    }

    @Override
    public ChangeBatch poll(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        idle.reset();
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            ChangeBatch batch = step();
            if (batch != null) {
                requireWhole();
                return batch;
            }
            // An open transaction may come in for long, and leave nothing to give.
            if (idle.isIdle() || streamed.isBusy()) {
                long left = timeout.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    position();
                    // A server that warns again and again must not fill the heap.
                    requireWhole();
                    return null;
                }
                idle.rest(left);
            }
        }
    }

    /** Also before mere progress is told: it may lie behind what was left out. */
    private void requireWhole() {
        try {
            skipped.requireNone();
        } catch (SQLException e) {
            throw SqlFailures.whileStreaming("read the replication stream", e);
        }
    }

    /** Takes one message, or some that are here already, and answers the batch that is ready, if there is one. */
    private ChangeBatch step() {
        boolean hadWhole = assembler.hasWhole();
        try {
            if (streamed.isGivingOn()) {
                streamed.giveOn();
                status.sendWhenSilent();
            } else {
                ByteBuffer message = stream.readPending();
                if (message == null) {
                    return nothingPending();
                }
                accept(message);
            }
        } catch (SQLException e) {
            throw streamed.failure(SqlFailures.whileStreaming("read the replication stream", e));
        }
        idle.reset();
        if (!hadWhole && assembler.hasWhole()) {
            wholeSince = System.nanoTime();
        }
        return assembler.isFull() || hasLingered() ? cut() : null;
    }

    private void accept(ByteBuffer message) {
        int offset = message.arrayOffset() + message.position();
        int limit = offset + message.remaining();
        if (!streamed.take(message.array(), offset, limit)) {
            assembler.accept(message.array(), offset, limit);
        }
    }

    private boolean hasLingered() {
        return assembler.hasWhole() && !assembler.isInTransaction() && System.nanoTime() - wholeSince > LINGER_NANOS;
    }

    private ChangeBatch nothingPending() throws SQLException {
        idle.nothingCame();
        status.sendWhenDue();
        if (assembler.hasWhole()) {
            return cut();
        }
        Lsn position = position();
        if (!assembler.isInTransaction() && position.isAfter(handedOver)) {
            handedOver = position;
            return ChangeBatch.progress(position);
        }
        liveness.checkWhenDue();
        return null;
    }

    /** Where the server was with its last message. */
    private Lsn position() {
        Lsn position = new Lsn(stream.getLastReceiveLSN().asLong());
        if (position.isAfter(received)) {
            received = position;
            liveness.sawLife();
        }
        return position;
    }

    private ChangeBatch cut() {
        ChangeBatch batch = assembler.cut();
        if (batch.endsOnBoundary()) {
            handedOver = batch.endLsn();
        }
        received = Lsn.max(received, handedOver);
        liveness.sawLife();
        return batch;
    }

    @Override
    public void acknowledge(Lsn upTo) {
        try {
            status.acknowledge(upTo);
        } catch (SQLException e) {
            throw SqlFailures.inReplication("acknowledge to the replication stream", e);
        }
        liveness.checkServedWhenDue();
    }

    @Override
    public Lsn walEnd() {
        return received;
    }

    @Override
    public Optional<SourceIdentity> identity() {
        return Optional.of(identity);
    }

    /** Closes the connection without the protocol's farewell, for which the server would first send what it has begun. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            streamed.close();
            status.sendLast();
            Sql.closeQuietly(connection);
            session.close();
        }
    }

    /** A stream that the server has given up, as an exception. */
    static PhilotesException lost(String why) {
        return new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot read the replication stream: " + why);
    }
}
