// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.SlotState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** The pipeline's replication slot. Immutable. */
final class Slot {

    private static final int FIRST_WITH_OPTION_LISTS = 15;
    private static final int FIRST_WITH_CONFLICTING = 16;
    private static final int FIRST_WITH_REASON = 17;

    private static final String STATE =
            "SELECT slot_name, active, coalesce(active_pid, 0), coalesce(confirmed_flush_lsn::text, '0/0'),"
                    + " coalesce(restart_lsn::text, '0/0'), %s,"
                    + " coalesce(pg_catalog.pg_wal_lsn_diff(" + Server.WAL_END + ", restart_lsn), 0)::int8,"
                    + " plugin = 'pgoutput' AND database = pg_catalog.current_database(), two_phase"
                    + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ?";

    private static final String BLOCKERS =
            "SELECT pid, pg_catalog.date_trunc('second', pg_catalog.now() - xact_start)::text, coalesce(state, '')"
                    + " FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start LIMIT 5";

    private final String name;
    private final boolean failover;

    Slot(String name) {
        this(name, false);
    }

    /** @param failover whether standbys keep a copy of it */
    Slot(String name, boolean failover) {
        this.name = name;
        this.failover = failover;
    }

    boolean failover() {
        return failover;
    }

    /**
     * The slot as it is.
     *
     * @param state for everyone
     * @param usable whether it decodes this database with {@code pgoutput}
     * @param twoPhase whether transactions come when they are prepared, and not when they commit
     */
    record Seen(SlotState state, boolean usable, boolean twoPhase) {}

    /**
     * What slot creation answered.
     *
     * @param consistentPoint where the slot starts
     * @param snapshot the exported snapshot's name
     */
    record Created(Lsn consistentPoint, String snapshot) {}

    String name() {
        return name;
    }

    /** The name as the replication commands take it: any letter may come first, and no name is a keyword. */
    String quoted() {
        return TableId.quote(name);
    }

    Optional<Seen> look(Connection connection) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        String status = major >= FIRST_WITH_CONFLICTING
                ? "CASE WHEN conflicting THEN 'lost' ELSE coalesce(wal_status, 'reserved') END"
                : "coalesce(wal_status, 'reserved')";
        if (major >= FIRST_WITH_REASON) {
            // Whatever it was invalidated for, such as having been idle: it never streams again.
            status = "CASE WHEN invalidation_reason IS NOT NULL THEN 'lost' ELSE coalesce(wal_status, 'reserved') END";
        }
        return Sql.query(connection, STATE.formatted(status), Slot::seen, name).stream()
                .findFirst();
    }

    private static Seen seen(ResultSet row) throws SQLException {
        SlotState state = new SlotState(
                row.getString(1),
                row.getBoolean(2),
                row.getInt(3),
                Lsn.parse(row.getString(4)),
                Lsn.parse(row.getString(5)),
                row.getString(6),
                row.getLong(7));
        return new Seen(state, row.getBoolean(8), row.getBoolean(9));
    }

    /** The slot, fit for streaming from {@code from}; throws the failure that keeps it from being that. */
    SlotState require(Connection connection, Lsn from) throws SQLException {
        SlotState state = requireFit(connection);
        if (state.confirmed().isAfter(from)) {
            throw unfit(ErrorCode.SLOT_AHEAD, "it was moved to " + state.confirmed() + ", past what is stored here")
                    .at(from);
        }
        return requireUnused(state);
    }

    /** The same, wherever it is and whoever reads it. */
    SlotState requireFit(Connection connection) throws SQLException {
        Seen seen = look(connection).orElseThrow(() -> unfit(ErrorCode.SLOT_LOST, "it does not exist"));
        if (!seen.usable()) {
            throw unfit(ErrorCode.INVALID_CONFIGURATION, "it belongs to another database or plugin");
        }
        if (seen.twoPhase()) {
            throw unfit(ErrorCode.INVALID_CONFIGURATION, "it sends transactions before they commit (two_phase)")
                    .hinting("drop it and let Philotes make one, or make it without two_phase");
        }
        if (seen.state().lost()) {
            throw unfit(ErrorCode.SLOT_LOST, "the server has invalidated it" + reason(connection));
        }
        return seen.state();
    }

    private SlotState requireUnused(SlotState state) {
        if (state.active()) {
            throw unfit(ErrorCode.SLOT_IN_USE, "process " + state.activePid() + " of the server reads it");
        }
        return state;
    }

    /** Such as {@code wal_removed}, {@code rows_removed} or {@code idle_timeout}; told since PostgreSQL 17. */
    private String reason(Connection connection) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < FIRST_WITH_REASON) {
            return "";
        }
        String sql = "SELECT coalesce(': ' || invalidation_reason, '') FROM pg_catalog.pg_replication_slots"
                + " WHERE slot_name = ?";
        return Sql.query(connection, sql, row -> row.getString(1), name).stream()
                .findFirst()
                .orElse("");
    }

    private PhilotesException unfit(ErrorCode code, String why) {
        return new PhilotesException(code, "Cannot use replication slot " + name + ": " + why);
    }

    /** Makes an older slot one that standbys keep a copy of, where that is wanted; on a walsender that does not stream. */
    void ensureFailover(Connection replication) throws SQLException {
        if (failover
                && !Sql.query(
                                replication,
                                "SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = ? AND NOT failover",
                                row -> true,
                                name)
                        .isEmpty()) {
            Sql.execute(replication, "ALTER_REPLICATION_SLOT " + quoted() + " (FAILOVER true)");
        }
    }

    void drop(Connection connection) throws SQLException {
        Optional<Seen> seen = look(connection);
        if (seen.isEmpty()) {
            return;
        }
        if (!seen.get().usable()) {
            throw unfit(ErrorCode.INVALID_CONFIGURATION, "it belongs to another database or plugin");
        }
        Sql.query(connection, "SELECT pg_catalog.pg_drop_replication_slot(?)", row -> row.getString(1), name);
    }

    /** Creates the slot on a walsender; the exported snapshot lives until that connection's next command. */
    Created create(Connection replication, boolean temporary) throws SQLException {
        boolean optionList = replication.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_OPTION_LISTS;
        String sql = "CREATE_REPLICATION_SLOT " + quoted() + (temporary ? " TEMPORARY" : "") + " LOGICAL pgoutput "
                + (optionList ? "(SNAPSHOT 'export'" + (failover ? ", FAILOVER" : "") + ")" : "EXPORT_SNAPSHOT");
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Created(Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"));
        }
    }

    /** What creation failed with, told so that somebody can act; {@code connection} is an ordinary one. */
    PhilotesException creationFailure(SQLException e, Sessions sessions) {
        String doing = "create replication slot " + name;
        return switch (SqlFailures.state(e)) {
            case "55P03" ->
                SqlFailures.failure(ErrorCode.SLOT_CREATION_BLOCKED, doing, e)
                        .hinting("transactions must end first: " + blockers(sessions));
            case "42710" -> SqlFailures.failure(ErrorCode.SLOT_IN_USE, doing, e);
            default -> SqlFailures.inReplication(doing, e);
        };
    }

    private static String blockers(Sessions sessions) {
        List<String> blockers = sessions.call(
                "list the transactions that block slot creation",
                connection -> Sql.query(
                        connection,
                        BLOCKERS,
                        row -> "pid " + row.getInt(1) + " open for " + row.getString(2) + " (" + row.getString(3)
                                + ")"));
        return blockers.isEmpty() ? "those that were open have ended, try again" : String.join(", ", blockers);
    }
}
