// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.HeldSession;
import io.philotes.jdbc.StateDatabase;
import io.philotes.jdbc.StateFailures;
import io.philotes.model.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes possession of a pipeline's tables: the lock first, then the epoch, then a look at what is there; what an incomplete
 * transaction left is cut off. Used once, by one thread.
 */
final class Taking {

    private static final Logger LOG = LoggerFactory.getLogger(Taking.class);

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String UNDEFINED_TABLE = "42P01";

    private final StateDatabase database;
    private final BufferSql sql;
    private final BufferLimits limits;
    private final String pipeline;
    private final String owner;
    private final Ownership earlier;

    private OwnedTables tables;
    private StoredState state;

    /** @param earlier what this same buffer owned before its session broke; null for the first time */
    Taking(
            StateDatabase database,
            BufferSql sql,
            BufferLimits limits,
            String pipeline,
            String owner,
            Ownership earlier) {
        this.database = database;
        this.sql = sql;
        this.limits = limits;
        this.pipeline = pipeline;
        this.owner = owner;
        this.earlier = earlier;
    }

    OwnedTables tables() {
        return tables;
    }

    StoredState state() {
        return state;
    }

    /** @throws PhilotesException BUFFER_IN_USE, FENCED when another process was here meanwhile, or what the tables say */
    void take() throws SQLException {
        HeldSession session = database.as("philotes-buffer " + pipeline).hold();
        try {
            warnOfLooseDisks(session.connection());
            long key = lockKey();
            lock(session.connection(), key);
            int buffer = find(session.connection());
            tables = own(session, buffer, key);
        } catch (SQLException | RuntimeException e) {
            // The lock goes with the session.
            session.abort();
            throw e;
        }
    }

    private static void warnOfLooseDisks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.current_setting('fsync'), pg_catalog.current_setting('full_page_writes')")) {
            row.next();
            if (!row.getString(1).equals("on") || !row.getString(2).equals("on")) {
                LOG.warn(
                        "The buffer's database runs with fsync={}, full_page_writes={}: when its machine stops, changes are"
                                + " lost that PostgreSQL was told to forget",
                        row.getString(1),
                        row.getString(2));
            }
        }
    }

    private long lockKey() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("philotes buffer\0" + database.schema() + "\0" + pipeline)
                            .getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the session's lock timeout: a process that was killed a moment ago may still have a backend. */
    private void lock(Connection connection, long key) throws SQLException {
        if (earlier != null) {
            end(connection, earlier.backend(), key);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_catalog.pg_advisory_lock(" + key + ")");
        } catch (SQLException e) {
            if (isLocked(e)) {
                throw inUse(connection, key);
            }
            throw e;
        }
    }

    /** Ends this buffer's own earlier backend, which may not have noticed yet that its client is gone. */
    private static void end(Connection connection, int backend, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_locks WHERE pid = ? AND "
                        + held(key))) {
            statement.setInt(1, backend);
            statement.execute();
        }
    }

    private static String held(long key) {
        return "locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_catalog.pg_database"
                + " WHERE datname = pg_catalog.current_database()) AND classid::int8 = " + (key >>> 32)
                + " AND objid::int8 = " + (key & 0xFFFF_FFFFL);
    }

    private PhilotesException inUse(Connection connection, long key) throws SQLException {
        String who = "";
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pid, coalesce(client_addr::text, 'local'), backend_start::text"
                                + " FROM pg_catalog.pg_stat_activity WHERE pid = (SELECT pid FROM pg_catalog.pg_locks WHERE "
                                + held(key) + " LIMIT 1)")) {
            if (row.next()) {
                who = ", backend " + row.getInt(1) + " of " + row.getString(2) + " since " + row.getString(3);
            }
        }
        return new PhilotesException(
                        ErrorCode.BUFFER_IN_USE,
                        "Cannot open the buffer of " + pipeline + ": another process has it" + who)
                .hinting("stop the other process; one that died with its machine lets go within two minutes");
    }

    private int find(Connection connection) throws SQLException {
        try (PreparedStatement register = connection.prepareStatement(sql.register);
                PreparedStatement find = connection.prepareStatement(sql.find)) {
            register.setString(1, pipeline);
            register.executeUpdate();
            find.setString(1, pipeline);
            try (ResultSet row = find.executeQuery()) {
                row.next();
                requireNobodyBetween(row.getLong(2), row.getString(3));
                return row.getInt(1);
            }
        }
    }

    /** Who took the buffer while this one had lost it has appended, and its stream went on from there. */
    private void requireNobodyBetween(long epoch, String lastOwner) {
        if (earlier != null && epoch != earlier.epoch() && !lastOwner.equals(owner)) {
            OwnedTables.requireOwned(0);
        }
    }

    private OwnedTables own(HeldSession session, int buffer, long key) throws SQLException {
        try (PreparedStatement take = session.connection().prepareStatement(sql.take)) {
            take.setString(1, owner);
            take.setInt(2, buffer);
            try (ResultSet row = take.executeQuery()) {
                row.next();
                int backend = backend(session.connection());
                OwnedTables owned =
                        new OwnedTables(session, sql, new Ownership(buffer, row.getLong(1), key, backend, owner));
                state = look(session.connection(), owned, row);
                return owned;
            }
        }
    }

    private static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private StoredState look(Connection connection, OwnedTables owned, ResultSet buffer) throws SQLException {
        long lastSeq = buffer.getLong(2);
        Lsn appended = Lsn.parse(buffer.getString(3));
        Lsn trimmed = Lsn.parse(buffer.getString(4));
        List<Segment> stored = segments(connection, owned.ownership().buffer());
        List<Segment> segments = new ArrayList<>();
        // The newest may have no whole transaction yet, and then the one before it has the end.
        for (Segment segment : stored) {
            if (!isSealed(segment)) {
                UnsealedSegment found = UnsealedSegment.find(connection, sql, limits, owned, segment.firstSeq());
                lastSeq = Math.max(lastSeq, found.lastSeq());
                segment = found.segment();
            }
            segments.add(segment);
            appended = Lsn.max(appended, segment.endLsn());
        }
        boolean newestIsSealed = !stored.isEmpty() && isSealed(stored.get(stored.size() - 1));
        return new StoredState(appended, trimmed, lastSeq, segments, newestIsSealed);
    }

    private static boolean isSealed(Segment stored) {
        return !stored.endLsn().equals(Lsn.ZERO);
    }

    private List<Segment> segments(Connection connection, int buffer) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.segments)) {
            statement.setInt(1, buffer);
            try (ResultSet row = statement.executeQuery()) {
                List<Segment> segments = new ArrayList<>();
                while (row.next()) {
                    String end = row.getString(2);
                    segments.add(new Segment(row.getLong(1), end == null ? Lsn.ZERO : Lsn.parse(end), row.getLong(3)));
                }
                return segments;
            }
        }
    }

    /** Whether somebody else kept a lock for too long. */
    static boolean isLocked(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(StateFailures.state(e));
    }

    static boolean isMissingTable(SQLException e) {
        return UNDEFINED_TABLE.equals(StateFailures.state(e));
    }
}
