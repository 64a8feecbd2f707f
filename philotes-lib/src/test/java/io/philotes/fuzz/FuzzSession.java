// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.function.Consumer;

/**
 * One of the connections that change the source: mostly a single statement, sometimes a transaction of several with savepoints,
 * which stays open while others go on, and may be rolled back.
 */
final class FuzzSession implements AutoCloseable {

    private final Connection connection;
    private final Statement statement;
    private final Random random;
    private final RandomSql sql;
    private final String name;
    private final Consumer<String> log;
    private boolean open;
    private boolean savepoint;
    private boolean madePartition;
    private int done;

    FuzzSession(Connection connection, String name, Random random, RandomSql sql, Consumer<String> log)
            throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        this.random = random;
        this.sql = sql;
        this.name = name;
        this.log = log;
        statement.execute("SET lock_timeout = '50ms'");
    }

    /** Statements that the server took. */
    int done() {
        return done;
    }

    void step() throws SQLException {
        if (!open && random.nextInt(4) == 0) {
            begin();
        }
        switch (open ? random.nextInt(9) : 8) {
            case 0 -> end("ROLLBACK");
            case 1, 2 -> end("COMMIT");
            case 3 -> savepoint();
            default -> statement();
        }
    }

    private void begin() {
        execute("BEGIN" + (random.nextInt(8) == 0 ? " ISOLATION LEVEL REPEATABLE READ" : ""));
        open = true;
        if (random.nextBoolean()) {
            sql.narrow();
        }
    }

    private void savepoint() {
        execute(!savepoint ? "SAVEPOINT s" : random.nextBoolean() ? "ROLLBACK TO s; RELEASE s" : "RELEASE s");
        savepoint = !savepoint;
    }

    private void statement() throws SQLException {
        String one = sql.statement(FuzzedTable.all(connection));
        // Nothing tells of a partition that is made, filled and truncated by one transaction.
        if (madePartition && one.startsWith("TRUNCATE p_")) {
            return;
        }
        if (execute(one)) {
            madePartition |= open && one.contains("TABLE p_");
        } else if (savepoint) {
            execute("ROLLBACK TO s");
        } else if (open) {
            end("ROLLBACK");
        }
    }

    /** Ends what is open. */
    void end() {
        if (open) {
            end(random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT");
        }
    }

    private void end(String how) {
        execute(how);
        open = false;
        savepoint = false;
        madePartition = false;
        sql.widen();
    }

    /** Whether the server took it. */
    private boolean execute(String one) {
        try {
            statement.execute(one);
            done++;
            log.accept("/* " + name + " */ " + one + ";");
            return true;
        } catch (SQLException e) {
            log.accept(
                    "-- refused " + name + ": " + one + " -- " + e.getMessage().replace('\n', ' '));
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        end();
        connection.close();
    }
}
