// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import static io.philotes.samples.sqlite.TargetTable.quoted;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The file. Each method is one transaction, so that a position is in it exactly when the rows are that it stands for.
 * Thread-safe: threads of a table copy and the sink's own take turns.
 */
final class SqliteFile implements AutoCloseable {

    private static final String OWNERS =
            "CREATE TABLE IF NOT EXISTS philotes_owners (pipeline_id TEXT PRIMARY KEY, epoch INTEGER) STRICT";
    private static final String POSITIONS =
            "CREATE TABLE IF NOT EXISTS philotes_positions (target TEXT PRIMARY KEY, pipeline_id TEXT, up_to TEXT) STRICT";

    private final Path path;
    private final Connection connection;

    SqliteFile(Path path) {
        this.path = path;
        Properties options = new Properties();
        options.setProperty("busy_timeout", "10000");
        options.setProperty("journal_mode", "WAL");
        options.setProperty("synchronous", "FULL");
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + path, options);
        } catch (SQLException e) {
            throw failed(e);
        }
        inTransaction(() -> {
            run(new Step(OWNERS, List.of(), Step.ANY));
            run(new Step(POSITIONS, List.of(), Step.ANY));
            return null;
        });
    }

    /** What is done in one transaction. */
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Locks the file at its begin, so that no other writer comes between; is on the disk at its end. */
    private synchronized <T> T inTransaction(Work<T> work) {
        try (Statement transaction = connection.createStatement()) {
            transaction.execute("BEGIN IMMEDIATE");
            try {
                T result = work.run();
                transaction.execute("COMMIT");
                return result;
            } catch (SQLException | RuntimeException e) {
                transaction.execute("ROLLBACK");
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** RETRY: the engine opens the sink again and asks it how far it is, so whether a failed commit landed does not matter. */
    private PhilotesException failed(SQLException cause) {
        return new PhilotesException(ErrorCode.STORAGE_FAILED, "Cannot use " + path + ": " + cause.getMessage(), cause);
    }

    /** From here on an older epoch of the pipeline can write no more. */
    void claim(Owner owner) {
        inTransaction(() -> {
            requireNewest(owner);
            return run(new Step(
                    "INSERT OR REPLACE INTO philotes_owners VALUES (?, ?)",
                    List.of(owner.pipelineId(), owner.epoch()),
                    Step.ANY));
        });
    }

    void requireOwner(Owner owner) {
        inTransaction(() -> {
            requireNewest(owner);
            return null;
        });
    }

    private void requireNewest(Owner owner) throws SQLException {
        List<String> newest =
                query("SELECT epoch FROM philotes_owners WHERE pipeline_id = ?", List.of(owner.pipelineId()));
        if (!newest.isEmpty() && Long.parseLong(newest.get(0)) > owner.epoch()) {
            throw new PhilotesException(ErrorCode.FENCED, "Cannot write to " + path + ": a newer instance does");
        }
    }

    Optional<Lsn> position(String target, String pipelineId) {
        return inTransaction(() -> query(
                        "SELECT up_to FROM philotes_positions WHERE target = ? AND pipeline_id = ?",
                        List.of(target, pipelineId))
                .stream()
                .findFirst()
                .map(Lsn::parse));
    }

    /** The columns of a table with their types, as {@code name type}; empty when there is none. */
    List<String> columns(String target) {
        return inTransaction(
                () -> query("SELECT name || ' ' || type FROM pragma_table_info(?) ORDER BY cid", List.of(target)));
    }

    /** Rows and position, or neither. */
    void apply(Owner owner, TargetTable target, List<Step> steps, Lsn upTo) {
        inTransaction(() -> {
            requireNewest(owner);
            for (Step step : steps) {
                int rows = run(step);
                if (step.rows() != Step.ANY && step.rows() != rows) {
                    throw new PhilotesException(
                            ErrorCode.RESYNC_NEEDED, "Cannot follow a change: its row is not in " + path);
                }
            }
            return moveTo(owner, target.name(), upTo);
        });
    }

    private int moveTo(Owner owner, String target, Lsn upTo) throws SQLException {
        return run(new Step(
                "INSERT OR REPLACE INTO philotes_positions VALUES (?, ?, ?)",
                List.of(target, owner.pipelineId(), upTo.toString()),
                1));
    }

    /** Names that differ in case only are one to SQLite. */
    void refuseOthers(Owner owner, String target) {
        List<String> others = inTransaction(() -> query(
                "SELECT target FROM philotes_positions WHERE target = ? COLLATE NOCASE AND (pipeline_id <> ? OR target <> ?)",
                List.of(target, owner.pipelineId(), target)));
        if (!others.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.FOREIGN_OWNER,
                    "Cannot replace " + others.get(0) + ": it is another pipeline's, or another table's");
        }
    }

    void createAnew(TargetTable table) {
        inTransaction(() -> {
            run(new Step("DROP TABLE IF EXISTS " + quoted(table.name()), List.of(), Step.ANY));
            return run(new Step(table.create(), List.of(), Step.ANY));
        });
    }

    void insert(List<Step> rows) {
        inTransaction(() -> {
            for (Step row : rows) {
                run(row);
            }
            return null;
        });
    }

    void replace(Owner owner, TargetTable old, TargetTable by, Lsn consistentPoint) {
        inTransaction(() -> {
            requireNewest(owner);
            run(new Step("DROP TABLE IF EXISTS " + quoted(old.name()), List.of(), Step.ANY));
            run(new Step("ALTER TABLE " + quoted(by.name()) + " RENAME TO " + quoted(old.name()), List.of(), Step.ANY));
            return moveTo(owner, old.name(), consistentPoint);
        });
    }

    void drop(TargetTable table) {
        inTransaction(() -> run(new Step("DROP TABLE IF EXISTS " + quoted(table.name()), List.of(), Step.ANY)));
    }

    private int run(Step step) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(step.sql())) {
            bind(statement, step.values());
            return statement.executeUpdate();
        }
    }

    private List<String> query(String sql, List<Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    @Override
    public String toString() {
        return "SQLite file " + path;
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing of it is lost: what counts was committed.
        }
    }
}
