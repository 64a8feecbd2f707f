// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.time.Duration;

/**
 * Notices that the other end wants to go: a server that is told to stop waits for its walsenders until everything that they
 * sent is acknowledged, and what a full buffer cannot take is not. It ends every other connection at once, and so one of
 * those tells.
 *
 * <p>Notices also that the other end is gone although the socket says nothing: after a while of silence it asks, over a connection
 * of its own, whether our walsender still lives. A cut that leaves both ends waiting is noticed so, because the server ends a
 * walsender that has not heard from us ({@code wal_sender_timeout}). Confined to one thread.
 */
final class Liveness {

    private static final long SERVED_NANOS = Duration.ofSeconds(3).toNanos();

    private static final long SILENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final CatalogSession session;
    private final int walsenderPid;
    private long lifeAt = System.nanoTime();
    private long servedAt = System.nanoTime();

    Liveness(CatalogSession session, int walsenderPid) {
        this.session = session;
        this.walsenderPid = walsenderPid;
    }

    void sawLife() {
        lifeAt = System.nanoTime();
    }

    /** Throws, which ends the stream, when the server does not serve any more. */
    void checkServedWhenDue() {
        if (System.nanoTime() - servedAt >= SERVED_NANOS) {
            session.ask("ask whether the server stops", connection -> Sql.query(connection, "SELECT 1", row -> 1));
            servedAt = System.nanoTime();
        }
    }

    void checkWhenDue() {
        if (System.nanoTime() - lifeAt < SILENCE_NANOS) {
            return;
        }
        boolean alive = session.ask(
                "look for the walsender",
                connection -> Sql.query(
                                connection,
                                "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ?)",
                                row -> row.getBoolean(1),
                                walsenderPid)
                        .get(0));
        if (!alive) {
            throw ReplicationStream.lost("the server has ended it");
        }
        sawLife();
    }
}
