// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.awaitility.Awaitility.await;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.CopyRange;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A database of its own on a server, and the few steps that every test of the source takes. */
final class SourceLab {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    final TestPostgres server;
    final String database;

    SourceLab(TestPostgres server, String database) throws SQLException {
        this(database, server);
        server.createDatabase(database);
    }

    private SourceLab(String database, TestPostgres server) {
        this.server = server;
        this.database = database;
    }

    /** In a database that is there. */
    static SourceLab in(TestPostgres server, String database) {
        return new SourceLab(database, server);
    }

    void sql(String... statements) throws SQLException {
        server.executeIn(database, statements);
    }

    String value(String query) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    Lsn walEnd() throws SQLException {
        return Lsn.parse(value("SELECT pg_current_wal_flush_lsn()"));
    }

    PostgresSourceBuilder builder(String... tables) {
        return PostgresSource.builder(server.url(database))
                .credentials("postgres", "postgres")
                .sslMode(SslMode.DISABLE)
                .tables(tables);
    }

    /** Attached, with publication and slot; the copy of every table is closed unread. */
    AttachedSource started(PostgresSourceBuilder builder) {
        AttachedSource source = builder.build().attach(database);
        source.preparePublication();
        Set<TableId> tables = source.tables().stream()
                .map(picture -> picture.relation().table())
                .collect(Collectors.toSet());
        source.createSlot(tables).close();
        return source;
    }

    Lsn confirmed(AttachedSource source) {
        return source.slot().orElseThrow().confirmed();
    }

    /** An acknowledgement is on its way for a moment. */
    void awaitConfirmed(AttachedSource source, Lsn upTo) {
        await().until(() -> !confirmed(source).isBefore(upTo)
                && !source.slot().orElseThrow().active());
    }

    /** Polls until the stream has passed everything that is in the WAL now. */
    List<ChangeBatch> readAll(ChangeStream stream) throws SQLException, InterruptedException {
        Lsn target = walEnd();
        List<ChangeBatch> batches = new ArrayList<>();
        long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
        sql("SELECT pg_logical_emit_message(false, 'test', '')");
        while (System.nanoTime() < deadline) {
            ChangeBatch batch = stream.poll(Duration.ofSeconds(1));
            if (batch == null) {
                continue;
            }
            if (!batch.isEmpty()) {
                batches.add(batch);
            }
            if (batch.endsOnBoundary() && !batch.endLsn().isBefore(target)) {
                return batches;
            }
        }
        throw new AssertionError("the stream did not reach " + target + " in time");
    }

    /** Reads a whole table of a copy, in ranges one after the other. */
    static List<String> copyAll(TableCopy copy, TableId table, int parallelism) throws InterruptedException {
        RelationSchema schema = copy.tables().stream()
                .map(TablePicture::relation)
                .filter(t -> t.table().equals(table))
                .findFirst()
                .orElseThrow();
        List<String> rows = new ArrayList<>();
        for (CopyRange range : copy.ranges(schema, parallelism)) {
            copy.read(range, row -> rows.add(ChangeLines.row(schema, row)));
        }
        return rows;
    }
}
