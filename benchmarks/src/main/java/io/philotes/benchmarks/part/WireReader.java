// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** The least that a Java process can do with the stream: takes each message from the driver, looks at its first byte, drops it. */
final class WireReader implements Part {

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);

    private final Connection connection;
    private final PGReplicationStream stream;
    private final long changes;

    private WireReader(Connection connection, PGReplicationStream stream, long changes) {
        this.connection = connection;
        this.stream = stream;
        this.changes = changes;
    }

    static WireReader open(PartSpec spec) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, spec.user());
        PGProperty.PASSWORD.set(properties, spec.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        Connection connection = DriverManager.getConnection(spec.url(), properties);
        PGReplicationStream stream = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(spec.slot())
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", spec.publication())
                .withSlotOption("binary", "true")
                .withStatusInterval((int) STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                .withAutomaticFlush(false)
                .start();
        return new WireReader(connection, stream, spec.changes());
    }

    /** Up to the commit after the last change. */
    @Override
    public void drain() throws SQLException {
        long seen = 0;
        byte kind = 0;
        while (seen < changes || kind != 'C') {
            ByteBuffer message = stream.readPending();
            if (message != null) {
                kind = message.get(message.position());
                if (kind == 'I' || kind == 'U' || kind == 'D') {
                    seen++;
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        stream.close();
        connection.close();
    }
}
