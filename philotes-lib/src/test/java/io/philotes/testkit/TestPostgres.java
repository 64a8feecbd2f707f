// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A real PostgreSQL of a chosen major version, with logical decoding and durable commits; dies with {@link #close()}. */
public final class TestPostgres implements AutoCloseable {

    /** The version most tests use. */
    public static final int DEFAULT_VERSION = 17;

    /** A running server that listens somewhere. */
    interface Server {

        /** {@code host:port}. */
        String address();

        void close() throws IOException;
    }

    /** The usual one: a process of this machine, from binaries that Maven brought. */
    private record EmbeddedServer(EmbeddedPostgres process) implements Server {

        @Override
        public String address() {
            return "localhost:" + process.getPort();
        }

        @Override
        public void close() throws IOException {
            process.close();
        }
    }

    private final Server server;

    private TestPostgres(Server server) {
        this.server = server;
    }

    public static TestPostgres start() {
        return start(DEFAULT_VERSION);
    }

    public static TestPostgres start(int majorVersion) {
        return start(majorVersion, "logical");
    }

    public static TestPostgres start(int majorVersion, String walLevel) {
        if (Boolean.getBoolean("philotes.docker")) {
            return new TestPostgres(ContainerServer.start(majorVersion, walLevel));
        }
        try {
            return new TestPostgres(new EmbeddedServer(EmbeddedPostgres.builder()
                    .setPgBinaryResolver(binaries(majorVersion))
                    .setServerConfig("wal_level", walLevel)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_replication_slots", "20")
                    .setServerConfig("max_wal_senders", "20")
                    .start()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PgBinaryResolver binaries(int majorVersion) {
        Path jar = Path.of(System.getProperty("philotes.postgres.directory", "target/postgres"))
                .resolve("postgres-" + majorVersion + ".jar")
                .toAbsolutePath();
        return (system, architecture) -> open(jar, "postgres-linux-x86_64.txz");
    }

    private static InputStream open(Path jar, String entry) throws IOException {
        if (!Files.exists(jar)) {
            throw new IOException("no PostgreSQL binaries at " + jar + "; run mvn generate-test-resources first");
        }
        return new URL("jar:" + jar.toUri() + "!/" + entry).openStream();
    }

    public int port() {
        return Integer.parseInt(server.address().substring(server.address().lastIndexOf(':') + 1));
    }

    public String url() {
        return url("postgres");
    }

    public String url(String database) {
        return "jdbc:postgresql://" + server.address() + "/" + database;
    }

    public Connection connect() throws SQLException {
        return connect("postgres");
    }

    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "postgres");
        return DriverManager.getConnection(url(database), properties);
    }

    /** Creates a database of its own for a test class, so that one server serves many. */
    public void createDatabase(String name) throws SQLException {
        execute("CREATE DATABASE \"" + name + "\"");
    }

    public void execute(String... statements) throws SQLException {
        executeIn("postgres", statements);
    }

    public void executeIn(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
