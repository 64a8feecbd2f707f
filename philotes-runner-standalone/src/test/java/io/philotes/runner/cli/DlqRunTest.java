// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.terminal.Terminal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that the lake cannot take, from a real PostgreSQL, with a configuration file and commands alone. */
class DlqRunTest {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String configured(String state) throws IOException {
        return Files.writeString(directory.resolve("philotes.yaml"), """
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
                            tables: [public.t]
                            on-error: { row: dead-letter }
                        state: { directory: "%s"%s }
                        """.formatted(
                                postgres.getPort(), directory.resolve("lake"), directory.resolve("state"), state))
                .toString();
    }

    private int run(String config, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] all = new String[args.length + 2];
        all[0] = "--config";
        all[1] = config;
        System.arraycopy(args, 0, all, 2, args.length);
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(all);
    }

    private void runOnce(String config) {
        assertThat(run(config, "run", "--once", "--no-server"))
                .as(err.toString())
                .isZero();
    }

    private JsonNode json(String config, String... args) throws IOException {
        assertThat(run(config, args)).as(err.toString()).isZero();
        return Json.mapper().readTree(out.toString());
    }

    @Test
    void a_row_is_set_aside_looked_at_mended_and_replayed() throws Exception {
        setAsideAndReplay(configured(""));
    }

    @Test
    void the_same_with_all_state_in_a_database() throws Exception {
        execute("DROP DATABASE IF EXISTS state", "CREATE DATABASE state");
        String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/state";
        setAsideAndReplay(configured(", type: postgres, url: \"" + url
                + "\", username: postgres, password: postgres, ssl: { mode: disable }"));
    }

    private void setAsideAndReplay(String config) throws Exception {
        execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (id int PRIMARY KEY, d date)",
                "INSERT INTO t VALUES (1, '2026-01-01')",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        runOnce(config);
        execute("INSERT INTO t VALUES (2, 'infinity'), (3, '2026-03-03')");
        runOnce(config);
        assertThat(LakeRows.of(directory.resolve("lake"), "one", "t"))
                .containsExactlyInAnyOrder("1|2026-01-01", "3|2026-03-03");
        JsonNode counts = json(config, "dlq", "count", "one", "--offline", "-o", "json");
        assertThat(counts.path("states").path("PARKED").asLong()).isEqualTo(1);
        JsonNode letter =
                json(config, "dlq", "list", "one", "--offline", "-o", "json").get(0);
        String place = letter.path("at").asText();
        JsonNode shown = json(config, "dlq", "show", "one", "--id", place, "--offline", "-o", "json")
                .get(0);
        assertThat(shown.path("newRow").get(1).path("text").asText()).isEqualTo("infinity");
        execute("UPDATE t SET d = '2026-02-02' WHERE id = 2");
        runOnce(config);
        assertThat(run(config, "dlq", "count", "one", "--offline")).isZero();
        assertThat(out).hasToString("2 dead letters: 2 PARKED\n");
        assertThat(run(config, "dlq", "replay", "one", "--offline")).isZero();
        runOnce(config);
        assertThat(LakeRows.of(directory.resolve("lake"), "one", "t"))
                .as(json(config, "dlq", "list", "one", "--offline", "-o", "json")
                        .toString())
                .containsExactlyInAnyOrder("1|2026-01-01", "2|2026-02-02", "3|2026-03-03");
    }
}
