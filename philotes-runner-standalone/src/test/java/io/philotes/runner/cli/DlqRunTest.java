// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rows that the lake cannot take, from a real PostgreSQL, with a configuration file and commands alone. */
class DlqRunTest extends CliServer {

    private String configured(String store) throws IOException {
        String more = """
                    on-error: { row: dead-letter }
                state: { directory: "%s"%s }
                """.formatted(state(), store);
        return Files.writeString(
                        directory.resolve("philotes.yaml"), yaml(postgres().getPort(), "one", "[public.t]", more))
                .toString();
    }

    private int run(String config, String... args) {
        return cli(Stream.concat(Stream.of("--config", config), Stream.of(args)).toArray(String[]::new));
    }

    private void runOnce(String config) {
        assertThat(run(config, "run", "--once", "--no-server")).as(err()).isZero();
    }

    private JsonNode json(String config, String... args) throws IOException {
        assertThat(run(config, args)).as(err()).isZero();
        return Json.mapper().readTree(out());
    }

    @Test
    void a_row_is_set_aside_looked_at_mended_and_replayed() throws Exception {
        setAsideAndReplay(configured(""));
    }

    @Test
    void the_same_with_all_state_in_a_database() throws Exception {
        execute("DROP DATABASE IF EXISTS state", "CREATE DATABASE state");
        String url = "jdbc:postgresql://localhost:" + postgres().getPort() + "/state";
        setAsideAndReplay(configured(", type: postgres, url: \"" + url
                + "\", username: postgres, password: postgres, ssl: { mode: disable }"));
    }

    @Test
    void who_wants_no_dead_letters_is_told_by_the_exit_code() throws Exception {
        String config = configured("");
        prepare();
        assertThat(run(config, "run", "--once", "--no-server", "--fail-on-dlq"))
                .as(err())
                .isZero();
        execute("INSERT INTO t VALUES (2, 'infinity'), (3, '2026-03-03')");
        for (int i = 0; i < 2; i++) {
            assertThat(run(config, "run", "--once", "--no-server", "--fail-on-dlq"))
                    .as("also when they came in an earlier run")
                    .isEqualTo(65);
            assertThat(err()).contains("1 dead letters of one wait: philotes dlq list one");
        }
        runOnce(config);
        assertThat(LakeRows.of(lake(), "one", "t"))
                .as("the others flow")
                .containsExactlyInAnyOrder("1|2026-01-01", "3|2026-03-03");
    }

    private static void prepare() throws SQLException {
        execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (id int PRIMARY KEY, d date)",
                "INSERT INTO t VALUES (1, '2026-01-01')",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    }

    private void setAsideAndReplay(String config) throws Exception {
        prepare();
        runOnce(config);
        execute("INSERT INTO t VALUES (2, 'infinity'), (3, '2026-03-03')");
        runOnce(config);
        assertThat(LakeRows.of(lake(), "one", "t")).containsExactlyInAnyOrder("1|2026-01-01", "3|2026-03-03");
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
        assertThat(out()).isEqualTo("2 dead letters: 2 PARKED\n");
        assertThat(run(config, "dlq", "replay", "one", "--offline")).isZero();
        runOnce(config);
        assertThat(LakeRows.of(lake(), "one", "t"))
                .as(json(config, "dlq", "list", "one", "--offline", "-o", "json")
                        .toString())
                .containsExactlyInAnyOrder("1|2026-01-01", "2|2026-02-02", "3|2026-03-03");
    }
}
