// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.runner.terminal.Terminal;
import io.philotes.runner.yaml.ConfigReader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database with tables t (ten rows) and u (none), a configured pipeline {@code one} of both, and the command line. */
abstract class CliLab {

    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String config;

    /** What is done meanwhile. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void prepare() throws Exception {
        execute(
                "DROP TABLE IF EXISTS t, u",
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
                "CREATE TABLE u (id int PRIMARY KEY)",
                "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 10) i",
                "DROP PUBLICATION IF EXISTS philotes_one",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        config = configure(postgres.getPort());
    }

    /** A configuration of the pipeline whose source is at the port; the state stays the same. */
    final String configure(int sourcePort) throws IOException {
        return Files.writeString(directory.resolve("philotes" + sourcePort + ".yaml"), """
                        version: 1
                        pipelines:
                          one:
                            source:
                              url: jdbc:postgresql://localhost:%d/postgres
                              username: postgres
                              password: postgres
                              ssl: { mode: disable }
                            destination: { catalog: { type: local, warehouse: "%s" } }
                            commit: { interval: 200ms }
                            tables: [public.t, public.u]
                        state: { directory: "%s" }
                        server: { port: %d }
                        """.formatted(
                                sourcePort, lake(), state(), freePort()))
                .toString();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static String value(String query) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    final int cli(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(args);
    }

    final String out() {
        return out.toString();
    }

    final String err() {
        return err.toString();
    }

    final String said() {
        return out + "\n" + err;
    }

    final String config() {
        return config;
    }

    final Path lake() {
        return directory.resolve("lake");
    }

    final Path state() {
        return directory.resolve("state");
    }

    /** A process that runs until the work is done. */
    final void whileRunning(Work work) throws Exception {
        PhilotesConfig read = new ConfigReader(name -> null).read(Path.of(config));
        try (RunnerProcess process = new RunnerProcess(read, List.of("one"))) {
            process.serve();
            Thread runner = new Thread(() -> {
                try {
                    process.runUntilStopped();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            runner.start();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> cli("status", "-o", "json", "--config", config) == 0
                            && out().contains("\"RUNNING\"")
                            && !out().contains("\"PENDING\"")
                            && !out().contains("\"COPYING\""));
            work.run();
        }
    }
}
