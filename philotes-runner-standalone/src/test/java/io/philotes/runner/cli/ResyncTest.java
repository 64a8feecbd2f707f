// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code resync}, against a running process and without one. */
class ResyncTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String config;

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
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        config = Files.writeString(directory.resolve("philotes.yaml"), """
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
                                postgres.getPort(), directory.resolve("lake"), directory.resolve("state"), freePort()))
                .toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private int cli(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(args);
    }

    private JsonNode table(String name) throws IOException {
        assertThat(cli("status", "-o", "json", "--config", config)).isZero();
        for (JsonNode table : new ObjectMapper().readTree(out.toString()).get(0).path("tables")) {
            if (table.path("table").asText().equals(name)) {
                return table;
            }
        }
        throw new AssertionError("no " + name + " in " + out);
    }

    /** A process that runs until the work is done. */
    private void whileRunning(Work work) throws Exception {
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
                            && out.toString().contains("\"RUNNING\"")
                            && !out.toString().contains("\"PENDING\"")
                            && !out.toString().contains("\"COPYING\""));
            work.run();
        }
    }

    /** What is done meanwhile. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @Test
    void a_running_process_copies_one_table_again_and_the_command_waits_for_it() throws Exception {
        whileRunning(() -> {
            assertThat(cli("resync", "one", "public.t", "--wait", "--config", config))
                    .as(out + "" + err)
                    .isZero();
            assertThat(out.toString()).isEqualTo("public.t was copied and follows the stream\n");
            assertThat(table("public.t").path("copies").asInt()).isEqualTo(2);
            assertThat(table("public.u").path("copies").asInt()).isEqualTo(1);
        });
        assertThat(LakeRows.of(directory.resolve("lake"), "one", "t")).hasSize(10);
    }

    @Test
    void no_table_stands_for_all_of_them() throws Exception {
        whileRunning(() -> {
            assertThat(cli("resync", "one", "--wait", "-o", "json", "--config", config))
                    .as(out + "" + err)
                    .isZero();
            assertThat(new ObjectMapper().readTree(out.toString()).path("tables"))
                    .hasSize(2)
                    .allSatisfy(
                            table -> assertThat(table.path("copies").asInt()).isEqualTo(2));
        });
    }

    @Test
    void names_that_are_not_there_are_said_with_a_guess() throws Exception {
        whileRunning(() -> {
            assertThat(cli("resync", "one", "public.tt", "--config", config)).isEqualTo(78);
            assertThat(err.toString()).contains("PHI-1007", "table=public.tt; did you mean 'public.t'?", "  hint  ");
            assertThat(cli("resync", "ones", "--config", config)).isEqualTo(78);
            assertThat(err.toString()).contains("no pipeline is called 'ones'; did you mean 'one'?");
            assertThat(cli("resync", "one", "a.b.c", "--config", config)).isEqualTo(64);
            assertThat(cli("resync", "one", "--offline", "--config", config))
                    .as("an instance runs: " + err)
                    .isEqualTo(75);
        });
    }

    @Test
    void without_a_process_the_tables_are_marked_for_the_next_start() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config))
                .as(err.toString())
                .isZero();
        assertThat(cli("resync", "one", "public.t", "--config", config))
                .as(err.toString())
                .isZero();
        assertThat(err.toString()).contains("no philotes answers at http://127.0.0.1:");
        assertThat(out.toString()).isEqualTo("public.t is copied again at the next start of one\n");
        whileRunning(() -> {
            assertThat(table("public.t").path("copiedRows").asInt()).isEqualTo(10);
            assertThat(table("public.u").path("copies").asInt()).isZero();
        });
    }

    @Test
    void a_slot_that_was_lost_is_healed_by_copying_all_tables() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config))
                .as(err.toString())
                .isZero();
        execute("SELECT pg_drop_replication_slot('philotes_one')", "INSERT INTO t VALUES (11, 'unseen')");
        assertThat(cli("run", "--once", "--no-server", "--config", config)).isEqualTo(1);
        assertThat(err.toString()).contains("PHI-1010");
        assertThat(cli("resync", "one", "--offline", "--config", config)).isZero();
        assertThat(cli("run", "--once", "--no-server", "--config", config))
                .as(err.toString())
                .isZero();
        assertThat(LakeRows.of(directory.resolve("lake"), "one", "t"))
                .hasSize(11)
                .contains("11|unseen");
    }

    @Test
    void what_cannot_be_marked_is_refused() throws Exception {
        assertThat(cli("resync", "one", "--offline", "--config", config)).isEqualTo(1);
        assertThat(err.toString()).contains("PHI-3007");
        assertThat(cli("resync", "one", "--wait", "--config", config)).isEqualTo(69);
        assertThat(cli("resync", "one", "--server", "http://127.0.0.1:1", "--config", config))
                .isEqualTo(69);
        assertThat(cli("resync", "one", "--offline", "--wait", "--config", config))
                .isEqualTo(64);
        assertThat(cli("resync", "two", "--offline", "--config", config)).isEqualTo(78);
        assertThat(cli("run", "--once", "--no-server", "--config", config)).isZero();
        assertThat(cli("resync", "one", "public.x", "--offline", "--config", config))
                .isEqualTo(78);
        assertThat(err.toString()).contains("PHI-1007");
    }
}
