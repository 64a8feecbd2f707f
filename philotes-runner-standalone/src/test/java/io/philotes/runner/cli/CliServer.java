// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.terminal.Terminal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL with logical decoding, directories for lake and state, and the command line. */
abstract class CliServer {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                // Off in such servers; then what has just committed may not be in the WAL when somebody catches up.
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    static EmbeddedPostgres postgres() {
        return postgres;
    }

    static void execute(String... statements) throws SQLException {
        execute(postgres, statements);
    }

    static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first value of the first row; null when there is none. */
    static String value(String query) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** A configuration of one pipeline; what stands behind its source and its state is the caller's. */
    final String yaml(int sourcePort, String pipeline, String tables, String more) {
        return """
                version: 1
                pipelines:
                  %s:
                    source:
                      url: jdbc:postgresql://localhost:%d/postgres
                      username: postgres
                      password: postgres
                      ssl: { mode: disable }
                    destination: { catalog: { type: local, warehouse: "%s" } }
                    tables: %s
                    commit: { interval: 200ms }
                %s""".formatted(pipeline, sourcePort, lake(), tables, more);
    }

    final int cli(String... args) {
        return cli(Map.of(), args);
    }

    final int cli(Map<String, String> environment, String... args) {
        return run(new Terminal(new PrintWriter(out), new PrintWriter(err), environment::get, false), args);
    }

    /** With a person at a terminal who types these lines. */
    final int typing(String lines, Map<String, String> environment, String... args) {
        BufferedReader in = new BufferedReader(new StringReader(lines));
        return run(new Terminal(in, new PrintWriter(out), new PrintWriter(err), environment::get, true, true), args);
    }

    private int run(Terminal terminal, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new Cli(terminal).run(args);
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

    final Path lake() {
        return directory.resolve("lake");
    }

    final Path state() {
        return directory.resolve("state");
    }
}
