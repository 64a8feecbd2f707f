// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.postgres;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import io.philotes.model.StorePlace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Keeps dead letters in the table {@code cdc_dead_letters} of a PostgreSQL database, which many pipelines may share. Nothing is
 * held in memory; each call is a transaction on a connection of its own, so a pool is worth while. The table is created at
 * {@link #open} unless that is forbidden.
 *
 * <p>Thread-safe, and safe between processes. While the database cannot be reached, calls throw STATE_UNREACHABLE, which may be
 * tried again; STATE_REFUSED or STATE_NOT_PREPARED name what a person must mend.
 */
public final class PostgresDeadLetterQueue implements DeadLetterQueue {

    /** A schema of its own, so that rights can be given for it alone. */
    public static final String DEFAULT_SCHEMA = StateDatabase.DEFAULT_SCHEMA;

    private final StateDatabase given;
    private final Initialize initialize;
    private volatile Letters letters;
    private volatile boolean closed;

    private PostgresDeadLetterQueue(StateDatabase given, Initialize initialize) {
        this.given = given;
        this.initialize = Objects.requireNonNull(initialize, "initialize");
    }

    /** A queue in the schema {@value #DEFAULT_SCHEMA}, which is created where it is missing. The data source stays the caller's. */
    public static PostgresDeadLetterQueue of(DataSource source) {
        return of(source, DEFAULT_SCHEMA, Initialize.ALWAYS);
    }

    /** A queue in a schema, which is created where it is missing, or required. The data source stays the caller's. */
    public static PostgresDeadLetterQueue of(DataSource source, String schema, Initialize initialize) {
        return new PostgresDeadLetterQueue(StateDatabase.of(source, schema), initialize);
    }

    @Override
    public synchronized void open(String pipeline) {
        if (letters != null) {
            throw new IllegalStateException("open() is called once");
        }
        StateDatabase database = given.as("philotes-dlq " + pipeline);
        database.prepare(initialize);
        letters = new Letters(database.table("cdc_dead_letters"), pipeline);
    }

    @Override
    public Optional<StorePlace> place() {
        return Optional.of(given.place());
    }

    /** A step of one transaction. */
    private interface Work<T> {
        T on(Letters letters, Connection connection) throws SQLException;
    }

    private <T> T call(String doing, Collection<DeadLetter.Id> ids, Work<T> work) {
        Letters opened = letters;
        if (opened == null) {
            throw new IllegalStateException("open() comes first");
        }
        if (closed) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot use the dead letters: their queue is closed");
        }
        for (DeadLetter.Id id : ids) {
            if (!id.pipeline().equals(opened.pipeline())) {
                throw new PhilotesException(
                        ErrorCode.DEFECT,
                        "Cannot use a dead letter of the pipeline " + id.pipeline() + " in the queue of "
                                + opened.pipeline());
            }
        }
        return given.as("philotes-dlq " + opened.pipeline())
                .call(ErrorCode.DEAD_LETTERS_FAILED, doing, connection -> work.on(opened, connection));
    }

    @Override
    public void add(List<ParkedChange> added) {
        List<DeadLetter.Id> ids = added.stream().map(one -> one.letter().id()).toList();
        call("add dead letters", ids, (table, connection) -> table.add(connection, added));
    }

    @Override
    public List<DeadLetter> list(DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: " + limit);
        }
        List<DeadLetter.Id> behind = after.map(List::of).orElse(List.of());
        return call("list dead letters", behind, (table, connection) -> table.list(connection, filter, after, limit));
    }

    @Override
    public Optional<DeadLetter> find(DeadLetter.Id id) {
        return call(
                "read a dead letter",
                List.of(id),
                (table, connection) ->
                        table.one(connection, LetterRows.LETTER, id, row -> LetterRows.letter(row, id.pipeline())));
    }

    @Override
    public Optional<byte[]> change(DeadLetter.Id id) {
        return call(
                "read a dead letter",
                List.of(id),
                (table, connection) -> table.one(connection, "change", id, row -> row.getBytes(1)));
    }

    @Override
    public long count(DeadLetterFilter filter) {
        return call("count dead letters", List.of(), (table, connection) -> {
            Condition condition = Condition.of(table.pipeline(), filter);
            try (PreparedStatement count =
                    connection.prepareStatement("SELECT count(*) FROM " + table.name() + " WHERE " + condition.sql())) {
                condition.bind(count);
                try (ResultSet row = count.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    @Override
    public List<DeadLetter.Id> move(Collection<DeadLetter.Id> ids, DeadLetterMove move) {
        List<DeadLetter.Id> distinct = ids.stream().distinct().toList();
        return call("move dead letters", distinct, (table, connection) -> {
            List<DeadLetter.Id> moved = new ArrayList<>(table.move(connection, distinct, move));
            return distinct.stream()
                    .filter(new java.util.HashSet<>(moved)::contains)
                    .toList();
        });
    }

    @Override
    public int remove(Collection<DeadLetter.Id> ids) {
        List<DeadLetter.Id> distinct = ids.stream().distinct().toList();
        return call("remove dead letters", distinct, (table, connection) -> table.remove(connection, distinct));
    }

    @Override
    public void close() {
        closed = true;
    }
}
