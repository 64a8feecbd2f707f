// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.server;

import io.philotes.benchmarks.workload.SourceSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;

/**
 * The server that is read. Immutable.
 *
 * @param url JDBC URL of the database
 * @param socket directory of its Unix socket, when that is known
 * @param user a superuser, or one that may make schemas and replication slots
 * @param password its secret; never printed
 */
public record Source(String url, Optional<Path> socket, String user, String password) implements SourceSession {

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("options", "-c synchronous_commit=off");
        return DriverManager.getConnection(url, properties);
    }

    /** The first column of the first row; null when there is none. */
    public String value(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Override
    public String toString() {
        return "Source[url=" + url + ", user=" + user + "]";
    }
}
