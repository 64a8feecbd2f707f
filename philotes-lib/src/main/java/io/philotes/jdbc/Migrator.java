// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a schema to the newest step: all that is missing in one transaction, of one process at a time. */
final class Migrator {

    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    /** One lock for all schemas of a database: to create tables is rare. Any number that nobody else takes. */
    private static final long LOCK = 0x7068_696c_6f74_6573L;

    private final StateDatabase database;
    private final String schema;
    private final List<Migrations.Step> steps;

    Migrator(StateDatabase database) {
        this(database, Migrations.steps());
    }

    Migrator(StateDatabase database, List<Migrations.Step> steps) {
        this.database = database;
        this.schema = database.schema();
        this.steps = steps;
    }

    void prepare(Initialize initialize) {
        List<Migrations.Step> missing =
                database.call(ErrorCode.STATE_NOT_PREPARED, "look at the tables of schema " + schema, this::missing);
        if (missing.isEmpty()) {
            return;
        }
        if (initialize == Initialize.NEVER) {
            throw new PhilotesException(
                            ErrorCode.STATE_NOT_PREPARED,
                            "Cannot use schema " + schema + ": it lacks " + names(missing)
                                    + ", and is not to be created by itself")
                    .hinting("run this as the role that philotes uses:\n" + Migrations.ddl(schema, missing));
        }
        database.call(ErrorCode.STATE_NOT_PREPARED, "create the tables of schema " + schema, this::migrate);
    }

    private static String names(List<Migrations.Step> steps) {
        return steps.stream().map(Migrations.Step::name).collect(Collectors.joining(", "));
    }

    private List<Migrations.Step> missing(Connection connection) throws SQLException {
        List<Integer> applied = applied(connection);
        int newest = steps.get(steps.size() - 1).number();
        for (int step : applied) {
            if (step > newest) {
                throw new PhilotesException(
                        ErrorCode.FORMAT_TOO_NEW,
                        "Cannot use schema " + schema + ": its tables are of step " + step + ", not " + newest);
            }
        }
        return steps.stream().filter(step -> !applied.contains(step.number())).toList();
    }

    private List<Integer> applied(Connection connection) throws SQLException {
        List<Integer> applied = new ArrayList<>();
        if (exists(connection, "to_regclass", database.table("cdc_schema_version"))) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT step FROM " + database.table("cdc_schema_version"))) {
                while (rows.next()) {
                    applied.add(rows.getInt(1));
                }
            }
        }
        return applied;
    }

    private static boolean exists(Connection connection, String function, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog." + function + "(?) IS NOT NULL")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private Void migrate(Connection connection) throws SQLException {
        execute(connection, "SELECT pg_catalog.pg_advisory_xact_lock(" + LOCK + ")");
        // Asked first: even IF NOT EXISTS wants the right to create schemas.
        if (!exists(connection, "to_regnamespace", TableId.quote(schema))) {
            execute(connection, "CREATE SCHEMA " + TableId.quote(schema));
        }
        execute(connection, Migrations.versionTable(schema));
        for (Migrations.Step step : missing(connection)) {
            execute(connection, step.sql(schema));
            execute(
                    connection,
                    "INSERT INTO " + database.table("cdc_schema_version") + " (step, name) VALUES (" + step.number()
                            + ", '" + step.name() + "')");
            LOG.info("Schema {}: applied step {}", schema, step.name());
        }
        return null;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
