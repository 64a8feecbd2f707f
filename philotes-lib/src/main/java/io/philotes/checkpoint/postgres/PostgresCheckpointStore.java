// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.postgres;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointJson;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import io.philotes.model.StorePlace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Keeps each pipeline's checkpoint in one row of a PostgreSQL table, as {@link CheckpointJson}'s text. A newer one is put in its
 * place by one conditional statement, so that any number of processes may save: none of them moves it backwards. Durable when
 * {@link #save} returns.
 *
 * <p>Tables are created when they are first needed. Each call takes a connection for its own time. Thread-safe.
 */
public final class PostgresCheckpointStore implements CheckpointStore {

    private final StateDatabase database;
    private final Initialize initialize;
    private final String table;
    private final AtomicBoolean prepared = new AtomicBoolean();

    private PostgresCheckpointStore(StateDatabase database, Initialize initialize) {
        this.database = database.as("philotes-checkpoints");
        this.initialize = Objects.requireNonNull(initialize, "initialize");
        this.table = database.table("cdc_checkpoints");
    }

    /** A store in schema {@value StateDatabase#DEFAULT_SCHEMA}, which it creates. */
    public static PostgresCheckpointStore of(DataSource source) {
        return of(source, StateDatabase.DEFAULT_SCHEMA, Initialize.ALWAYS);
    }

    /** A store in that schema, which it creates or requires. */
    public static PostgresCheckpointStore of(DataSource source, String schema, Initialize initialize) {
        return new PostgresCheckpointStore(StateDatabase.of(source, schema), initialize);
    }

    private <T> T call(String doing, StateDatabase.Work<T> work) {
        if (!prepared.get()) {
            database.prepare(initialize);
            prepared.set(true);
        }
        return database.call(ErrorCode.CHECKPOINT_FAILED, doing, work);
    }

    @Override
    public Optional<Checkpoint> load(String pipeline) {
        return call("read the checkpoint", connection -> load(connection, pipeline))
                .map(text -> decode(pipeline, text));
    }

    @Override
    public Optional<Checkpoint> look(String pipeline) {
        boolean absent = initialize == Initialize.ALWAYS
                && database.call(ErrorCode.CHECKPOINT_FAILED, "look for the checkpoint", this::isAbsent);
        return absent ? Optional.empty() : load(pipeline);
    }

    private boolean isAbsent(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_catalog.to_regclass(?) IS NULL")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public Optional<StorePlace> place() {
        return Optional.of(database.place());
    }

    private Optional<String> load(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT checkpoint FROM " + table + " WHERE pipeline = ?")) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private Checkpoint decode(String pipeline, String text) {
        try {
            return CheckpointJson.decode(text);
        } catch (PhilotesException e) {
            throw new PhilotesException(e.code(), e.reason() + ", in table " + table + ", pipeline=" + pipeline, e);
        }
    }

    @Override
    public Checkpoint save(String pipeline, Checkpoint checkpoint) {
        return call("write the checkpoint", connection -> {
                    boolean stored = put(connection, pipeline, checkpoint);
                    return stored ? Optional.<String>empty() : load(connection, pipeline);
                })
                .map(newer -> decode(pipeline, newer))
                .orElse(checkpoint);
    }

    /** Whether it is stored now; not when what stands there is newer, as {@link Checkpoint#supersedes} says. */
    private boolean put(Connection connection, String pipeline, Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table
                + " AS stored (pipeline, epoch, covered_up_to, checkpoint) VALUES (?, ?, ?::pg_lsn, ?)"
                + " ON CONFLICT (pipeline) DO UPDATE SET epoch = excluded.epoch, covered_up_to = excluded.covered_up_to,"
                + " checkpoint = excluded.checkpoint, saved_at = now()"
                + " WHERE (stored.epoch, stored.covered_up_to) <= (excluded.epoch, excluded.covered_up_to)")) {
            statement.setString(1, pipeline);
            statement.setLong(2, checkpoint.epoch());
            statement.setString(3, checkpoint.coveredUpTo().toString());
            statement.setString(4, CheckpointJson.encode(checkpoint));
            return statement.executeUpdate() == 1;
        }
    }

    @Override
    public void remove(String pipeline) {
        call("remove the checkpoint", connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM " + table + " WHERE pipeline = ?")) {
                statement.setString(1, pipeline);
                return statement.executeUpdate();
            }
        });
    }
}
