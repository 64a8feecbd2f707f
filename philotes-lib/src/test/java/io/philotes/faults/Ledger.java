// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Random;

/**
 * A table whose traces can be checked in every table snapshot: each row carries its version and a checksum over itself, and
 * the sum of all balances never changes. Every fourth row's pad is stored out of line.
 */
final class Ledger {

    static final TableId TABLE = new TableId("public", "ledger");
    static final int ROWS = 400;
    static final int TOTAL = ROWS * 100;

    private static final int MANY = 3_000;
    private static final String CHECKSUM = "md5(%s::text || ':' || (%s)::text || ':' || pad)";

    private final Connection connection;
    private final Random random;

    Ledger(Connection connection, Random random) {
        this.connection = connection;
        this.random = random;
    }

    static String[] definition() {
        return new String[] {
            "CREATE TABLE ledger (id bigint PRIMARY KEY, ver int NOT NULL, bal int NOT NULL, chk text, pad text)",
            "ALTER TABLE ledger ALTER pad SET STORAGE EXTERNAL",
            "CREATE SEQUENCE ledger_ids START " + (ROWS + 1),
            "INSERT INTO ledger SELECT i, 0, 100, '', repeat(md5(i::text), CASE WHEN i % 4 = 0 THEN 90 ELSE 1 END)"
                    + " FROM generate_series(1, " + ROWS + ") i",
            "UPDATE ledger SET chk = " + String.format(CHECKSUM, "id", "ver")
        };
    }

    /** One change, or a few that belong together, in the open transaction. */
    void step(Statement sql) throws SQLException {
        switch (random.nextInt(8)) {
            case 0 -> insert(sql, 1);
            case 1 -> deleteAndPassOn(sql);
            case 2 -> moveKey(sql);
            case 3 -> newPad(sql);
            case 4 -> rolledBackStep(sql);
            default -> transfer(sql);
        }
    }

    /** Thousands of rows at once: comes in several batches. */
    void insertMany(Statement sql) throws SQLException {
        insert(sql, MANY);
        sql.execute("UPDATE ledger SET bal = bal, " + bumped("id") + " WHERE id % 7 = " + random.nextInt(7));
    }

    /** All rows but those with money go, and those that stay come back after a TRUNCATE, in one transaction. */
    void truncate(Statement sql) throws SQLException {
        sql.execute("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM ledger WHERE bal <> 0 OR id % 50 = 0");
        sql.execute("TRUNCATE ledger");
        sql.execute("INSERT INTO ledger SELECT id, ver + 1, bal, " + String.format(CHECKSUM, "id", "ver + 1")
                + ", pad FROM kept");
    }

    private void insert(Statement sql, int rows) throws SQLException {
        int length = random.nextInt(4) == 0 ? 90 : 1;
        sql.execute("INSERT INTO ledger SELECT i, 0, 0, md5(i || ':0:' || p), p FROM (SELECT nextval('ledger_ids') i,"
                + " repeat(md5(random()::text), " + length + ") p FROM generate_series(1, " + rows + ")) s");
    }

    private void deleteAndPassOn(Statement sql) throws SQLException {
        long victim = pick(sql);
        long heir = pick(sql);
        if (victim == heir) {
            return;
        }
        sql.execute(
                "WITH gone AS (DELETE FROM ledger WHERE id = " + victim + " RETURNING bal)" + " UPDATE ledger SET bal ="
                        + " bal + (SELECT bal FROM gone), " + bumped("id") + " WHERE id = " + heir);
    }

    private void moveKey(Statement sql) throws SQLException {
        long id = pick(sql);
        String moved = "(id + 1000000)";
        sql.execute("UPDATE ledger SET id = " + moved + ", " + bumped(moved) + " WHERE id = " + id);
    }

    private void newPad(Statement sql) throws SQLException {
        sql.execute(
                "UPDATE ledger SET pad = p, ver = ver + 1, chk = md5(id::text || ':' || (ver + 1)::text || ':' || p)"
                        + " FROM (SELECT repeat(md5(random()::text), 90) p) s WHERE id = " + pick(sql));
    }

    private void rolledBackStep(Statement sql) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        transfer(sql);
        connection.rollback(savepoint);
    }

    private void transfer(Statement sql) throws SQLException {
        long from = pick(sql);
        long to = pick(sql);
        sql.execute("UPDATE ledger SET bal = bal - 1, " + bumped("id") + " WHERE id = " + from);
        sql.execute("UPDATE ledger SET bal = bal + 1, " + bumped("id") + " WHERE id = " + to);
    }

    private static String bumped(String id) {
        return "ver = ver + 1, chk = " + String.format(CHECKSUM, id, "ver + 1");
    }

    private long pick(Statement sql) throws SQLException {
        String query = "SELECT id FROM ledger ORDER BY id OFFSET floor(" + random.nextDouble()
                + " * (SELECT count(*) FROM ledger)) LIMIT 1";
        try (ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
