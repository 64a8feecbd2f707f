// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/**
 * Every kind of change to three tables: the {@link Ledger}; {@code tags}, which has no key and holds rows twice; and
 * {@code journal}, whose target is a history of every change.
 */
final class MixedLoad {

    static final TableId TAGS = new TableId("public", "tags");
    static final TableId JOURNAL = new TableId("public", "journal");
    static final List<TableId> MIRRORED = List.of(Ledger.TABLE, TAGS);

    private MixedLoad() {}

    static void define(Stage stage) throws SQLException {
        stage.postgres().executeIn(stage.database(), Ledger.definition());
        stage.postgres()
                .executeIn(
                        stage.database(),
                        "CREATE TABLE tags (tag text, weight int)",
                        "ALTER TABLE tags REPLICA IDENTITY FULL",
                        "INSERT INTO tags SELECT 'tag ' || i % 7, i % 3 FROM generate_series(1, 50) i",
                        "CREATE TABLE journal (n bigserial PRIMARY KEY, note text)",
                        "INSERT INTO journal (note) SELECT 'first ' || i FROM generate_series(1, 20) i");
    }

    /** One random transaction, committed or rolled back. */
    static void transaction(Connection connection, Random random) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement sql = connection.createStatement()) {
            Ledger ledger = new Ledger(connection, random);
            int kind = random.nextInt(120);
            if (kind == 0) {
                ledger.truncate(sql);
            } else if (kind == 1) {
                ledger.insertMany(sql);
            } else {
                some(sql, ledger, random);
            }
            end(connection, random);
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private static void some(Statement sql, Ledger ledger, Random random) throws SQLException {
        int steps = 1 + random.nextInt(5);
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(6)) {
                case 0 -> tag(sql, random);
                case 1 -> note(sql, random);
                default -> ledger.step(sql);
            }
        }
    }

    private static void tag(Statement sql, Random random) throws SQLException {
        String one = "ctid = (SELECT ctid FROM tags ORDER BY ctid LIMIT 1)";
        switch (random.nextInt(3)) {
            case 0 ->
                sql.execute("INSERT INTO tags VALUES ('tag " + random.nextInt(7) + "', " + random.nextInt(3) + ")");
            case 1 -> sql.execute("UPDATE tags SET weight = weight + 1 WHERE " + one);
            default -> sql.execute("DELETE FROM tags WHERE (SELECT count(*) FROM tags) > 40 AND " + one);
        }
    }

    private static void note(Statement sql, Random random) throws SQLException {
        String one = "n = (SELECT n FROM journal ORDER BY n OFFSET " + random.nextInt(10) + " LIMIT 1)";
        switch (random.nextInt(4)) {
            case 0 -> sql.execute("UPDATE journal SET note = note || '+' WHERE " + one);
            case 1 -> sql.execute("DELETE FROM journal WHERE (SELECT count(*) FROM journal) > 15 AND " + one);
            default -> sql.execute("INSERT INTO journal (note) SELECT md5(random()::text) FROM generate_series(1, 3)");
        }
    }

    private static void end(Connection connection, Random random) throws SQLException {
        if (random.nextInt(12) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
