// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A way to sessions at the source. For one thread, but for {@link #connect}. */
public interface SourceSession {

    /** A new session, in autocommit; commits do not wait for the disk, which the WAL does not show. The caller closes it. */
    Connection connect() throws SQLException;

    /** Runs statements one by one in a session of their own. */
    default void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
