// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.source.postgres.internal.socket.UnixSocketFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.Driver;

/**
 * Opens connections whose settings are pinned, so that a value has one text whatever the role, the database or the JVM say.
 * Thread-safe; each call opens a connection of its own and asks for the secret anew.
 *
 * <p>The settings go with the startup packet, where they win over the defaults of role and database. The driver then adds
 * the JVM's time zone, which wins over them, hence that one is set; all are read back, because a pooler in between may drop them.
 */
final class Sessions {

    /** How long a byte of a running copy or message may let wait for itself; a table full of dead rows is slow to start. */
    private static final Duration COPY_SILENCE = Duration.ofMinutes(10);

    private static final Duration STREAM_SILENCE = Duration.ofSeconds(60);

    /**
     * Since PostgreSQL 17, and no parameter of the startup packet, which earlier releases would refuse. A copy, the snapshot that is
     * kept for it, and the decoding of a large transaction are transactions that last: a role's limit would end each, every time.
     */
    private static final String NO_TRANSACTION_TIMEOUT =
            "CASE WHEN pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL"
                    + " THEN pg_catalog.set_config('transaction_timeout', '0', false) END";

    private static final Map<String, String> VALUE_SETTINGS = valueSettings();
    private static final Map<String, String> STRANGE_SETTINGS = strangeSettings();

    private final SourceSettings.Server server;
    private final String applicationName;
    private final boolean strange;
    private final Map<String, String> settings;

    Sessions(SourceSettings.Server server, String applicationName) {
        this(server, applicationName, false);
    }

    private Sessions(SourceSettings.Server server, String applicationName, boolean strange) {
        this.server = server;
        this.applicationName = applicationName;
        this.strange = strange;
        this.settings = strange ? STRANGE_SETTINGS : VALUE_SETTINGS;
    }

    /** To a {@link Stranger}. */
    static Sessions withStranger(SourceSettings.Server server, String applicationName) {
        return new Sessions(server, applicationName, true);
    }

    private static Map<String, String> strangeSettings() {
        Map<String, String> settings = valueSettings();
        settings.put("client_min_messages", "error");
        return settings;
    }

    private static Map<String, String> valueSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("datestyle", "ISO, YMD");
        settings.put("intervalstyle", "postgres");
        settings.put("timezone", "UTC");
        settings.put("bytea_output", "hex");
        settings.put("extra_float_digits", "3");
        settings.put("lc_monetary", "C");
        settings.put("xmlbinary", "base64");
        settings.put("quote_all_identifiers", "off");
        settings.put("standard_conforming_strings", "on");
        settings.put("search_path", "pg_catalog");
        settings.put("row_security", "off");
        // Not of a value: one of the warnings is heard, see SkippedPublication.
        settings.put("client_min_messages", "warning");
        return settings;
    }

    /** What a short call does with its connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Does {@code work} on a short connection of its own; {@code doing} completes "Cannot …". */
    <T> T call(String doing, Work<T> work) {
        try (Connection connection = openShort()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw SqlFailures.of(doing, e);
        }
    }

    /** For short calls: statements are bounded by the statement timeout. */
    Connection openShort() {
        return open(server.statementTimeout(), server.statementTimeout().plus(server.connectTimeout()), false);
    }

    /** For reading rows or holding a snapshot: no statement timeout. */
    Connection openCopy() {
        return open(Duration.ZERO, COPY_SILENCE, false);
    }

    /** A walsender of this database. */
    Connection openReplication() {
        return open(Duration.ZERO, STREAM_SILENCE, true);
    }

    /**
     * The same for a slot that is there. Where all walsenders are taken, one is free again when a standby or a backup has
     * ended: that is no reason to leave the slot alone with the WAL for good.
     */
    Connection openReplicationForSlot() {
        try {
            return openReplication();
        } catch (PhilotesException e) {
            throw e.code() != ErrorCode.NO_FREE_SLOT
                    ? e
                    : new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, e.reason(), e).hinting(e.hint());
        }
    }

    private Connection open(Duration statementTimeout, Duration socketTimeout, boolean replication) {
        requireSocket();
        try {
            Connection connection =
                    new Driver().connect(url(), properties(statementTimeout, socketTimeout, replication));
            try {
                pin(connection);
                return connection;
            } catch (SQLException | RuntimeException e) {
                Sql.closeQuietly(connection);
                throw e;
            }
        } catch (SQLException e) {
            String doing = "connect to " + server.address() + (replication ? " for replication" : "");
            throw replication ? SqlFailures.connectingReplication(doing, e) : SqlFailures.of(doing, e);
        }
    }

    /** The driver would only say that the attempt failed. */
    private void requireSocket() {
        Optional<Path> missing = server.socket().filter(file -> !Files.exists(file));
        if (missing.isPresent()) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_UNREACHABLE,
                            "Cannot connect to " + server.address() + ": there is no such socket")
                    .hinting("check that PostgreSQL is running, that the directory is one of its "
                            + "unix_socket_directories, and that the URL has its port");
        }
    }

    private String url() {
        JdbcUrl url = server.url();
        return "jdbc:postgresql://" + url.authority() + "/" + URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
    }

    private Properties properties(Duration statementTimeout, Duration socketTimeout, boolean replication) {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        String password = password();
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("assumeMinServerVersion", "14");
        properties.setProperty("options", options(statementTimeout));
        properties.setProperty("sslmode", server.sslMode().text());
        server.sslRootCert().ifPresent(file -> properties.setProperty("sslrootcert", file.toString()));
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", seconds(server.connectTimeout()));
        properties.setProperty("socketTimeout", seconds(socketTimeout));
        properties.setProperty("logServerErrorDetail", "false");
        if (server.url().hosts().size() > 1) {
            // A standby that was the primary yesterday answers as well.
            properties.setProperty("targetServerType", "primary");
            properties.setProperty("hostRecheckSeconds", "1");
        }
        if (replication) {
            properties.setProperty("replication", "database");
            properties.setProperty("preferQueryMode", "simple");
        }
        server.socket().ifPresent(file -> UnixSocketFactory.use(file, properties));
        if (strange) {
            Stranger.restrain(properties, server);
        }
        return properties;
    }

    /** While a secret is rotated the place that it is read from may have none: that passes, as a wrong one does. */
    private String password() {
        try {
            return server.password().get();
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_AUTHENTICATION,
                            "Cannot connect to " + server.address() + ": its password cannot be had: " + e.getMessage(),
                            e)
                    .hinting("see that the place which the password is read from has it");
        }
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }

    private String options(Duration statementTimeout) {
        return settings.entrySet().stream()
                        .map(e -> "-c " + e.getKey() + "=" + e.getValue().replace(" ", ""))
                        .collect(Collectors.joining(" "))
                + " -c default_transaction_read_only=off -c lock_timeout=10s -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0"
                + " -c statement_timeout=" + statementTimeout.toMillis();
    }

    private void pin(Connection connection) throws SQLException {
        String query = settings.entrySet().stream()
                .map(setting -> setting(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining(
                        ", ", "SELECT ", ", pg_catalog.pg_is_in_recovery(), " + NO_TRANSACTION_TIMEOUT));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            int column = 0;
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                requireSetting(setting.getKey(), setting.getValue(), row.getString(++column));
            }
            if (row.getBoolean(++column)) {
                throw standby();
            }
        }
    }

    /** That a slot is not there, or does not stream, and that WAL is missing, mean nothing where another server is the primary. */
    private PhilotesException standby() {
        return new PhilotesException(
                        ErrorCode.SOURCE_UNREACHABLE, "Cannot connect to " + server.address() + ": it is a standby")
                .hinting("connect to the primary; a standby that is being promoted is tried again");
    }

    /** In one statement, for a far server takes its time to answer each. */
    private static String setting(String name, String wanted) {
        return name.equals("timezone")
                ? "pg_catalog.set_config('timezone', '" + wanted + "', false)"
                : "pg_catalog.current_setting('" + name + "')";
    }

    private static void requireSetting(String name, String wanted, String seen) {
        if (!wanted.toLowerCase(Locale.ROOT).equals(seen.toLowerCase(Locale.ROOT))) {
            throw new PhilotesException(
                            ErrorCode.UNSUPPORTED_SOURCE,
                            "Cannot use the connection: its " + name + " stays \"" + seen + "\" instead of \"" + wanted
                                    + "\"")
                    .hinting("connect to PostgreSQL directly, not through a pooler");
        }
    }
}
