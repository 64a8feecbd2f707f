// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL 17 with logical replication; user and password are {@code postgres}. Thread-safe. */
public final class SampleDatabase implements AutoCloseable {

    /** Its user, and its password. */
    public static final String USER = "postgres";

    private final EmbeddedPostgres server;

    private SampleDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts one; it is gone with all that it holds when it is closed. */
    public static SampleDatabase start() throws IOException {
        return new SampleDatabase(EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                // Off in such servers; then a commit returns before it is in the WAL, and a catch-up may miss it.
                .setServerConfig("synchronous_commit", "on")
                .start());
    }

    /** Its JDBC address. */
    public String url() {
        return server.getJdbcUrl(USER, USER).replaceAll("\\?.*", "");
    }

    /** Runs SQL, several statements if need be. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
