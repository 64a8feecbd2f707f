// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** Holds a slot as another instance would. */
final class OtherReader implements AutoCloseable {

    private final Connection connection;
    private final PGReplicationStream stream;

    private OtherReader(Connection connection, PGReplicationStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    static OtherReader of(EmbeddedPostgres postgres, String slot) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "postgres");
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "10");
        properties.setProperty("preferQueryMode", "simple");
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres", properties);
        PGReplicationStream stream = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", slot)
                .start();
        return new OtherReader(connection, stream);
    }

    boolean isReading() {
        return !stream.isClosed();
    }

    @Override
    public void close() throws SQLException {
        stream.close();
        connection.close();
    }
}
