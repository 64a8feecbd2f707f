// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.StorePlace;
import io.philotes.model.TableId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * A PostgreSQL database that holds stores, in one schema of theirs. Immutable and thread-safe; not public API. It works with any
 * {@link DataSource} of the PostgreSQL driver, pooled or not: every session gets bounded statements and durable commits, and
 * is given back as it was.
 */
public final class StateDatabase {

    /** A schema of its own, so that rights can be given for it alone. */
    public static final String DEFAULT_SCHEMA = "philotes";

    private static final String WHO = "SELECT CASE WHEN pg_catalog.has_function_privilege("
            + "'pg_catalog.pg_control_system()', 'EXECUTE') THEN (SELECT system_identifier::text"
            + " FROM pg_catalog.pg_control_system()) ELSE '' END, oid::int8 FROM pg_catalog.pg_database"
            + " WHERE datname = pg_catalog.current_database()";

    private static final int LONGEST_SCHEMA_NAME = 63;

    private final DataSource source;
    private final String schema;
    private final String applicationName;

    private StateDatabase(DataSource source, String schema, String applicationName) {
        this.source = Objects.requireNonNull(source, "source");
        this.schema = schema;
        this.applicationName = applicationName;
    }

    /**
     * The schema in that database; nothing is opened.
     *
     * @throws PhilotesException INVALID_CONFIGURATION for a name that PostgreSQL would refuse or shorten
     */
    public static StateDatabase of(DataSource source, String schema) {
        int bytes = schema.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LONGEST_SCHEMA_NAME || schema.indexOf('\0') >= 0) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot keep state in a schema: its name must have 1 to " + LONGEST_SCHEMA_NAME + " bytes");
        }
        return new StateDatabase(source, schema, "philotes");
    }

    /** The same, whose sessions call themselves so. */
    public StateDatabase as(String name) {
        return new StateDatabase(source, schema, name);
    }

    /** The schema's name, not quoted. */
    public String schema() {
        return schema;
    }

    /** One of the schema's tables, quoted for SQL. */
    public String table(String name) {
        return TableId.quote(schema) + "." + TableId.quote(name);
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it; the connection stays its owner's. */
        T on(Connection connection) throws SQLException;
    }

    /**
     * Creates or upgrades the tables, or requires that they are there.
     *
     * @throws PhilotesException FORMAT_TOO_NEW when a newer version made them, STATE_NOT_PREPARED when something is missing
     *     that a person creates
     */
    public void prepare(Initialize initialize) {
        new Migrator(this).prepare(initialize);
    }

    /**
     * Does {@code work} in a transaction of its own, durable when this returns.
     *
     * @param other the error code where neither the connection nor the rights are to blame
     * @param doing completes "Cannot …"
     * @throws PhilotesException when it failed; STATE_UNREACHABLE may mean that only the answer was lost, so the work must be
     *     one that can be done again
     */
    public <T> T call(ErrorCode other, String doing, Work<T> work) {
        try (HeldSession session = hold()) {
            return session.transaction(work);
        } catch (SQLException e) {
            throw StateFailures.of(other, doing, e);
        }
    }

    /** Which database it is; asks the server. */
    public StorePlace place() {
        return call(ErrorCode.STATE_REFUSED, "ask the database of buffer and state who it is", connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(WHO)) {
                row.next();
                return new StorePlace(row.getString(1), row.getLong(2), schema);
            }
        });
    }

    /** A session to keep for longer, which commits each statement by itself. */
    public HeldSession hold() throws SQLException {
        return HeldSession.open(source, applicationName);
    }
}
