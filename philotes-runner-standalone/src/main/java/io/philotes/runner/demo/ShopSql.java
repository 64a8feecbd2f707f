// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One connection on which the shop's steps run. For one thread. */
final class ShopSql {

    private final Connection connection;

    ShopSql(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The one value that a query gives, as text; null when there is none. */
    String value(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Some number key of a table that is there. */
    String anyKey(String table, String key) throws SQLException {
        return value(
                "SELECT %2$s FROM %1$s WHERE %2$s >= (SELECT floor(random() * max(%2$s)) FROM %1$s) ORDER BY %2$s LIMIT 1"
                        .formatted(table, key));
    }

    /** Some product, as an SQL literal. */
    String anyProduct() throws SQLException {
        String sku = value("SELECT sku FROM products ORDER BY sku OFFSET floor(random() * 250) LIMIT 1");
        return "'" + sku + "'::uuid";
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }
}
