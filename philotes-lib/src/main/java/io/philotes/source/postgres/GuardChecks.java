// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a check says about the means by which slot and source are guarded. For one connection. */
final class GuardChecks {

    private static final int FIRST_WITH_FAILOVER = 17;

    private static final String NO_MARK =
            "no mark can be left in the database: one that is put back to an earlier time from a copy of its files is"
                    + " noticed only while its WAL is shorter than what is stored";

    private final Connection connection;
    private final Slot slot;
    private final Publication publication;
    private final IncarnationMark incarnation;

    GuardChecks(Connection connection, Slot slot, Publication publication, IncarnationMark incarnation) {
        this.connection = connection;
        this.slot = slot;
        this.publication = publication;
        this.incarnation = incarnation;
    }

    List<Finding> findings(int major) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        findings.add(mark());
        if (slot.failover()) {
            findings.add(major < FIRST_WITH_FAILOVER ? tooOld() : failover());
        }
        return findings;
    }

    private static Finding tooOld() {
        return Finding.error(
                ErrorCode.UNSUPPORTED_SOURCE,
                "failover",
                "slots that standbys keep a copy of came with PostgreSQL " + FIRST_WITH_FAILOVER,
                "take slot.failover out of the configuration");
    }

    /** Without it the stream may be ahead of every standby, and the promoted one lacks what is in the target. */
    private Finding failover() throws SQLException {
        boolean waits = Sql.query(
                        connection,
                        "SELECT pg_catalog.current_setting('synchronized_standby_slots') <> ''",
                        row -> row.getBoolean(1))
                .get(0);
        return waits
                ? Finding.ok("failover", "standbys keep a copy of the slot, and are waited for")
                : Finding.warn(
                        ErrorCode.SOURCE_REWOUND,
                        "failover",
                        "standbys are not waited for: one that lags and is promoted lacks what is in the target already",
                        "ALTER SYSTEM SET synchronized_standby_slots = '<the standby''s slot>';   -- then reload");
    }

    private Finding mark() throws SQLException {
        Optional<PublicationState> state = publication.state(connection);
        if (state.isEmpty() && publication.managed()) {
            return Finding.ok("incarnation", "kept in the comment of publication " + publication.name());
        }
        return switch (incarnation.carrier(connection)) {
            case COMMENT -> Finding.ok("incarnation", "kept in the comment of publication " + publication.name());
            case TABLE -> Finding.ok("incarnation", "kept in philotes.incarnation");
            case NONE ->
                Finding.warn(
                        ErrorCode.SOURCE_REWOUND,
                        "incarnation",
                        NO_MARK,
                        "run the output of philotes setup-sql: it makes philotes.incarnation");
        };
    }
}
