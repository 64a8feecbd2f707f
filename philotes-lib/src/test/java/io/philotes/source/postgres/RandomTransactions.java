// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Several sessions whose transactions overlap, each with savepoints, rollbacks and changes of definition at random. What one
 * would have to wait for another for fails instead, and with it what is open. For one thread, which does it all.
 */
final class RandomTransactions implements AutoCloseable {

    /** So many tables {@code t0}, {@code t1} … are there. */
    static final int TABLES = 4;

    private static final int SESSIONS = 5;
    private static final List<String> COLUMNS = List.of("a", "b", "c");

    /** A session and its open savepoints. */
    private record Session(Connection connection, Statement statement, Deque<String> savepoints) {}

    private final Random random;
    private final List<Session> sessions = new ArrayList<>();
    private int names;
    private int ids;

    RandomTransactions(SourceLab lab, Random random) throws SQLException {
        this.random = random;
        for (int i = 0; i < SESSIONS; i++) {
            Connection connection = lab.server.connect(lab.database);
            Statement statement = connection.createStatement();
            statement.execute("SET lock_timeout = '5ms'");
            connection.setAutoCommit(false);
            sessions.add(new Session(connection, statement, new ArrayDeque<>()));
        }
    }

    /** What the sessions need. */
    static void prepare(SourceLab lab) throws SQLException {
        for (int i = 0; i < TABLES; i++) {
            lab.sql(
                    "CREATE TABLE t" + i + " (id int PRIMARY KEY, note text, big text, a text)",
                    "ALTER TABLE t" + i + " ALTER big SET STORAGE EXTERNAL");
        }
        lab.sql(
                "ALTER TABLE t1 REPLICA IDENTITY FULL",
                "CREATE TABLE parts (id int, region int, filler text, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
                "CREATE TABLE parts_0 PARTITION OF parts FOR VALUES IN (0)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)",
                "CREATE TABLE unpublished (id int, filler text)");
    }

    /** So many statements of whoever comes, then every transaction ends. */
    void run(int steps) throws SQLException {
        for (int i = 0; i < steps; i++) {
            step(sessions.get(random.nextInt(SESSIONS)));
        }
        for (Session session : sessions) {
            end(session, random.nextInt(4) > 0);
        }
    }

    private void step(Session session) throws SQLException {
        try {
            switch (random.nextInt(20)) {
                case 0 -> end(session, true);
                case 1 -> end(session, random.nextBoolean());
                case 2, 3 -> savepoint(session);
                case 4, 5 -> backOrOn(session);
                default -> session.statement().execute(statement());
            }
        } catch (SQLException e) {
            if (session.savepoints().isEmpty()) {
                session.connection().rollback();
            } else {
                session.statement()
                        .execute("ROLLBACK TO " + session.savepoints().peek());
            }
        }
    }

    private static void end(Session session, boolean commits) throws SQLException {
        session.savepoints().clear();
        if (commits) {
            session.connection().commit();
        } else {
            session.connection().rollback();
        }
    }

    private void savepoint(Session session) throws SQLException {
        String name = "s" + names++;
        session.statement().execute("SAVEPOINT " + name);
        session.savepoints().push(name);
    }

    /** Rolls back to a savepoint, or releases it. */
    private void backOrOn(Session session) throws SQLException {
        if (!session.savepoints().isEmpty()) {
            String how = random.nextInt(3) > 0 ? "ROLLBACK TO " : "RELEASE ";
            session.statement().execute(how + session.savepoints().pop());
        }
    }

    private String statement() {
        String table = "t" + random.nextInt(TABLES);
        String column = COLUMNS.get(random.nextInt(COLUMNS.size()));
        return switch (random.nextInt(17)) {
            case 0 -> "ALTER TABLE " + table + " ADD " + column + " text DEFAULT 'x'";
            case 1 -> "ALTER TABLE " + table + " DROP " + column;
            case 2 -> "ALTER TABLE " + table + " RENAME " + column + " TO " + COLUMNS.get(random.nextInt(3));
            case 3 -> "TRUNCATE " + table;
            case 4 -> "DELETE FROM " + table + " WHERE id % 7 = " + random.nextInt(7);
            case 5 -> "UPDATE " + table + " SET note = 'n" + random.nextInt() + "' WHERE id % 3 = " + random.nextInt(3);
            case 6 -> "UPDATE " + table + " SET id = id + 1000000 WHERE id % 11 = " + random.nextInt(11);
            case 7 -> "UPDATE parts SET region = 1 - region WHERE id % 3 = " + random.nextInt(3);
            case 8 -> "INSERT INTO unpublished SELECT g, repeat('u', 500) FROM generate_series(1, 50) g";
            case 9 -> "SELECT pg_logical_emit_message(" + random.nextBoolean() + ", 'someone', repeat('m', 100))";
            case 10 ->
                "INSERT INTO parts SELECT g, g % 2, repeat('p', 200) FROM generate_series(" + ids + ", " + (ids += 60)
                        + ") g";
            case 11 -> "ANALYZE " + table;
            default -> insert(table);
        };
    }

    /** Rows of which some have a value outside of the row. */
    private String insert(String table) {
        int first = ids + 1;
        ids += 1 + random.nextInt(60);
        return "INSERT INTO " + table + " (id, note, big) SELECT g, 'note ' || g,"
                + " CASE g % 5 WHEN 0 THEN repeat(g::text, 1000) WHEN 1 THEN NULL ELSE repeat('r', 300) END"
                + " FROM generate_series(" + first + ", " + ids + ") g";
    }

    @Override
    public void close() throws SQLException {
        for (Session session : sessions) {
            session.connection().close();
        }
    }
}
