// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A real PostgreSQL of a chosen major version, with logical decoding and durable commits; dies with {@link #close()}. All of a version have one system identifier. */
public final class TestPostgres implements AutoCloseable {

    /** The version most tests use. */
    public static final int DEFAULT_VERSION = 17;

    /** A running server that listens somewhere. */
    interface Server {

        /** {@code host:port}. */
        String address();

        void close();
    }

    /** The usual one: processes of this machine, from binaries that Maven brought, which end with this process at the latest. */
    private record LocalServer(PostgresCluster cluster, Thread atExit) implements Server {

        static LocalServer start(int majorVersion, String walLevel) {
            try {
                PostgresCluster cluster = PostgresCluster.start(
                        majorVersion, Files.createTempDirectory("philotes-postgres-"), "wal_level = " + walLevel);
                Thread atExit = new Thread(cluster::close, "postgres-" + cluster.port() + "-end");
                Runtime.getRuntime().addShutdownHook(atExit);
                return new LocalServer(cluster, atExit);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String address() {
            return "localhost:" + cluster.port();
        }

        @Override
        public void close() {
            Runtime.getRuntime().removeShutdownHook(atExit);
            cluster.close();
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
        return new TestPostgres(
                Boolean.getBoolean("philotes.docker")
                        ? ContainerServer.start(majorVersion, walLevel)
                        : LocalServer.start(majorVersion, walLevel));
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
        server.close();
    }
}
