// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with the settings that stores rely on: commits are durable, statements end, a server notices a client that is
 * gone. They are taken back when the connection is given back. Confined to one thread, but for {@link #abort()}; not public API.
 */
public final class HeldSession implements AutoCloseable {

    /** Less than the time after which PostgreSQL gives up a walsender's client: capture waits for these statements. */
    public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(15);

    /** How long a byte of an answer may let wait for itself. */
    private static final Duration NETWORK_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration LONG_NETWORK_TIMEOUT = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(HeldSession.class);

    private static final int LONGEST_APPLICATION_NAME = 63;

    private static final String COMMIT = "synchronous_commit";

    /** What is raised; a stronger one, that waits for standbys, stays. */
    private static final Set<String> WEAK_COMMITS = Set.of("off", "local");

    /** Since PostgreSQL 17. A role's limit would end what takes long, such as a VACUUM, each time. */
    private static final String TRANSACTION_TIMEOUT = "transaction_timeout";

    private static final Map<String, String> SETTINGS = settings();

    private final Connection connection;
    private final int networkTimeoutBefore;
    private final Map<String, String> settingsBefore;
    private volatile boolean broken;

    private HeldSession(Connection connection, int networkTimeoutBefore, Map<String, String> settingsBefore) {
        this.connection = connection;
        this.settingsBefore = settingsBefore;
        this.networkTimeoutBefore = networkTimeoutBefore;
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("statement_timeout", Long.toString(STATEMENT_TIMEOUT.toMillis()));
        settings.put("lock_timeout", "5000");
        settings.put("idle_in_transaction_session_timeout", "60000");
        settings.put("idle_session_timeout", "0");
        settings.put("search_path", "pg_catalog");
        settings.put("client_min_messages", "warning");
        settings.put("tcp_keepalives_idle", "30");
        settings.put("tcp_keepalives_interval", "10");
        settings.put("tcp_keepalives_count", "3");
        return settings;
    }

    static HeldSession open(DataSource source, String applicationName) throws SQLException {
        Connection connection = source.getConnection();
        try {
            int networkTimeoutBefore = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) NETWORK_TIMEOUT.toMillis());
            connection.setAutoCommit(true);
            Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
            settings.put("application_name", shortened(applicationName));
            Map<String, String> before = read(connection, settings.keySet());
            Map<String, String> maybe = read(connection, Set.of(COMMIT, TRANSACTION_TIMEOUT));
            if (WEAK_COMMITS.contains(maybe.get(COMMIT))) {
                before.put(COMMIT, maybe.get(COMMIT));
                settings.put(COMMIT, "on");
            }
            if (maybe.get(TRANSACTION_TIMEOUT) != null) {
                before.put(TRANSACTION_TIMEOUT, maybe.get(TRANSACTION_TIMEOUT));
                settings.put(TRANSACTION_TIMEOUT, "0");
            }
            set(connection, settings);
            return new HeldSession(connection, networkTimeoutBefore, before);
        } catch (SQLException | RuntimeException e) {
            abort(connection);
            throw e;
        }
    }

    /** The values of now; null of a setting that the server does not have. */
    private static Map<String, String> read(Connection connection, Set<String> names) throws SQLException {
        String sql = names.stream()
                .map(name -> "pg_catalog.current_setting('" + name + "', true)")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            Map<String, String> values = new LinkedHashMap<>();
            for (String name : names) {
                values.put(name, row.getString(values.size() + 1));
            }
            return values;
        }
    }

    private static void set(Connection connection, Map<String, String> settings) throws SQLException {
        String sql = settings.keySet().stream()
                .map(name -> "pg_catalog.set_config('" + name + "', ?, false)")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 0;
            for (String value : settings.values()) {
                statement.setString(++parameter, value);
            }
            statement.execute();
        }
    }

    private static String shortened(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_APPLICATION_NAME
                ? name
                : new String(bytes, 0, LONGEST_APPLICATION_NAME - 3, StandardCharsets.UTF_8);
    }

    /** The connection, in autocommit unless inside {@link #transaction}. */
    public Connection connection() {
        return connection;
    }

    /** A query whose values come in binary form from its first time on: bytes are half as long as in text, and need no parsing. */
    public PreparedStatement prepareBinary(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            // Below zero: the driver asks for the columns' types at once, and not after some executions.
            statement.unwrap(PGStatement.class).setPrepareThreshold(-1);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** Does {@code work} and commits; rolls back when it throws. */
    public <T> T transaction(StateDatabase.Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    /** One statement that may take minutes, outside of a transaction. */
    public void executeLong(String sql) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) LONG_NETWORK_TIMEOUT.toMillis());
        try (Statement statement = connection.createStatement()) {
            set(connection, Map.of("statement_timeout", "0"));
            statement.execute(sql);
        } finally {
            if (isWell()) {
                set(connection, Map.of("statement_timeout", SETTINGS.get("statement_timeout")));
                connection.setNetworkTimeout(Runnable::run, (int) NETWORK_TIMEOUT.toMillis());
            }
        }
    }

    private void rollBack(Exception failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            broken = true;
            failure.addSuppressed(e);
        }
    }

    /** Whether nothing made it unusable so far; nobody is asked. */
    public boolean isWell() {
        try {
            return !broken && !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Closes the socket under whoever waits for an answer, from any thread; the session is of no use afterwards. */
    public void abort() {
        broken = true;
        abort(connection);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("Aborting a connection failed", e);
        }
    }

    /** Takes the settings back and gives the connection back; one that does not answer is thrown away. */
    @Override
    public void close() {
        try {
            if (broken || connection.isClosed()) {
                abort(connection);
                return;
            }
            set(connection, settingsBefore);
            connection.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
            connection.close();
        } catch (SQLException e) {
            LOG.debug("Giving a connection back failed", e);
            abort(connection);
        }
    }
}
