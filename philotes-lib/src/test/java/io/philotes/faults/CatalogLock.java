// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Holds the local catalog's write lock: whoever commits waits. */
final class CatalogLock implements AutoCloseable {

    private final Connection connection;

    private CatalogLock(Connection connection) {
        this.connection = connection;
    }

    static CatalogLock on(ChildOptions options) throws SQLException {
        Connection connection = DriverManager.getConnection(
                "jdbc:sqlite:" + options.directory().resolve("lake").resolve("catalog.db") + "?busy_timeout=30000");
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
        return new CatalogLock(connection);
    }

    void requireHeld() throws SQLException {
        if (connection.isClosed()) {
            throw new SQLException("the lock is lost");
        }
    }

    @Override
    public void close() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } finally {
            connection.close();
        }
    }
}
