// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops a slot that may be in use by this pipeline: ends its walsender, known by our application name, first. */
final class SlotSacrifice {

    private static final Logger LOG = LoggerFactory.getLogger(SlotSacrifice.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final String END_OURS = "SELECT pg_catalog.pg_terminate_backend(s.active_pid)"
            + " FROM pg_catalog.pg_replication_slots s JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid"
            + " WHERE s.slot_name = ? AND a.application_name = pg_catalog.current_setting('application_name')";

    private final Sessions sessions;
    private final Slot slot;

    SlotSacrifice(Sessions sessions, Slot slot) {
        this.sessions = sessions;
        this.slot = slot;
    }

    void run() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!dropped(System.nanoTime() - deadline > 0)) {
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                // To return would say that the slot is gone.
                throw new PhilotesException(
                        ErrorCode.INTERRUPTED, "Cannot drop replication slot " + slot.name() + ": interrupted", e);
            }
        }
    }

    private boolean dropped(boolean lastTry) {
        try (Connection connection = sessions.openShort()) {
            Sql.query(connection, END_OURS, row -> row.getBoolean(1), slot.name());
            slot.drop(connection);
            return true;
        } catch (SQLException e) {
            PhilotesException failure = SqlFailures.inReplication("drop replication slot " + slot.name(), e);
            if (lastTry) {
                throw failure;
            }
            LOG.debug("The slot is not free yet", failure);
            return false;
        }
    }
}
