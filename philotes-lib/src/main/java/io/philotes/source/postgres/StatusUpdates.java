// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server how far we are. Confined to one thread.
 *
 * <p>The driver answers keepalives and the clock only while it reads, so that a caller who waits for room must be heard too:
 * every acknowledgement, a repeated one included, sends a status once a third of the interval has passed, or a sixth of the time
 * for which the server waits ({@code wal_sender_timeout}). Each update asks the server to reply, which brings its newest position.
 */
final class StatusUpdates {

    /** A sixth of the server's default {@code wal_sender_timeout}. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StatusUpdates.class);
    private static final Duration LONGEST_SILENCE = INTERVAL.dividedBy(3);
    private static final int PER_TIMEOUT = 6;
    private static final long LEAST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final PGReplicationStream stream;
    private final long silenceNanos;
    private Lsn acknowledged;
    private Lsn sent;
    private long sentAt;

    /** @param timeout after how long a silence the server ends the connection; zero when it never does */
    StatusUpdates(PGReplicationStream stream, Lsn confirmed, Duration timeout) {
        this.stream = stream;
        Duration silence = timeout.isZero() ? LONGEST_SILENCE : timeout.dividedBy(PER_TIMEOUT);
        this.silenceNanos = (silence.compareTo(LONGEST_SILENCE) < 0 ? silence : LONGEST_SILENCE).toNanos();
        this.sentAt = System.nanoTime() - silenceNanos;
        this.acknowledged = confirmed;
        this.sent = confirmed;
        set(confirmed);
    }

    void acknowledge(Lsn upTo) throws SQLException {
        if (upTo.isAfter(acknowledged)) {
            acknowledged = upTo;
            set(upTo);
        }
        sendWhenDue();
        sendWhenSilent();
    }

    /** Shows that somebody is here, to a server that may hear of nothing else. */
    void sendWhenSilent() throws SQLException {
        if (System.nanoTime() - sentAt > silenceNanos) {
            send();
        }
    }

    private void set(Lsn position) {
        LogSequenceNumber number = LogSequenceNumber.valueOf(position.value());
        stream.setAppliedLSN(number);
        stream.setFlushedLSN(number);
    }

    /** Sends a position that has moved, but not a stream of them. */
    void sendWhenDue() throws SQLException {
        if (acknowledged.isAfter(sent) && System.nanoTime() - sentAt > LEAST_PAUSE_NANOS) {
            send();
        }
    }

    private void send() throws SQLException {
        stream.forceUpdateStatus();
        sent = acknowledged;
        sentAt = System.nanoTime();
    }

    /** Before the end: what was acknowledged and not yet said. A failure costs a few transactions sent again. */
    void sendLast() {
        try {
            if (acknowledged.isAfter(sent)) {
                send();
            }
        } catch (SQLException e) {
            LOG.debug("The last status could not be sent", e);
        }
    }
}
