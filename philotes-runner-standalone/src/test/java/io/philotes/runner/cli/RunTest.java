// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.runner.terminal.Terminal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a real PostgreSQL. */
class RunTest {

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
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
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
                            tables: [public.t]
                        state: { directory: "%s" }
                        """.formatted(
                                postgres.getPort(), directory.resolve("lake"), directory.resolve("state")))
                .toString();
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static boolean slotExists() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM pg_replication_slots")) {
            return rows.next();
        }
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(args);
    }

    @Test
    void run_once_mirrors_what_is_there_and_goes_on_from_there() throws Exception {
        assertThat(run("run", "--once", "--no-server", "--config", config))
                .as(err.toString())
                .isZero();
        execute("INSERT INTO t VALUES (11, 'later')", "DELETE FROM t WHERE id = 1");
        assertThat(run("run", "--once", "--no-server", "--config", config))
                .as(err.toString())
                .isZero();
        assertThat(LakeRows.of(directory.resolve("lake"), "one", "t"))
                .hasSize(10)
                .contains("11|later")
                .doesNotContain("1|n1");
    }

    @Test
    void check_finds_nothing_wrong_and_creates_nothing() throws Exception {
        assertThat(run("check", "--config", config)).as(out + "" + err).isZero();
        assertThat(out.toString()).contains("ok    ", "0 errors");
        assertThat(slotExists()).isFalse();
    }

    @Test
    void check_names_a_missing_table_and_ends_with_1() throws Exception {
        execute("DROP TABLE t");
        assertThat(run("check", "--config", config)).isEqualTo(1);
        assertThat(out.toString()).contains("FAIL  PHI-1007", " error");
    }

    @Test
    void run_without_the_table_ends_with_78() throws Exception {
        execute("DROP TABLE t");
        assertThat(run("run", "--no-server", "--config", config)).isEqualTo(78);
        assertThat(err.toString()).contains("PHI-1007").contains("  hint  ");
    }

    @Test
    void a_wrong_password_ends_with_77() throws Exception {
        execute("CREATE ROLE stranger LOGIN PASSWORD 'x'");
        String yaml = Files.readString(Path.of(config)).replace("username: postgres", "username: stranger");
        Files.writeString(Path.of(config), yaml);
        assertThat(run("run", "--no-server", "--config", config)).isEqualTo(77);
        execute("DROP ROLE stranger");
    }

    @Test
    void plan_tells_what_would_be_created() throws Exception {
        assertThat(run("plan", "-o", "json", "--config", config))
                .as(err.toString())
                .isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(plan.path("pipeline").asText()).isEqualTo("one");
        assertThat(plan.at("/tables/0/action").asText()).isEqualTo("create");
        assertThat(run("plan", "--config", config)).isZero();
        assertThat(out.toString()).contains("create one.t from public.t");
        assertThat(slotExists()).isFalse();
    }

    @Test
    void wal_tells_what_the_slot_keeps_without_a_running_pipeline() throws Exception {
        assertThat(run("wal", "--seconds", "0", "--config", config))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("the pipeline has no slot");
        assertThat(run("run", "--once", "--no-server", "--config", config)).isZero();
        execute("SELECT pg_create_physical_replication_slot('forgotten', true)");

        assertThat(run("wal", "--seconds", "0", "--config", config))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("philotes_one ", "reserved", "forgotten (other)", "unlimited");
        assertThat(run("wal", "--seconds", "1", "-o", "json", "--config", config))
                .isZero();
        JsonNode one = new ObjectMapper().readTree(out.toString()).path("one");
        assertThat(one.at("/slot/slot").asText()).isEqualTo("philotes_one");
        assertThat(one.at("/slot/retainedBytes").asLong()).isPositive();
        assertThat(one.at("/limitBytes").asLong()).isEqualTo(10L << 30);
    }

    @Test
    void a_slot_that_another_reads_ends_once_and_check_with_75() throws Exception {
        assertThat(run("run", "--once", "--no-server", "--config", config)).isZero();
        try (OtherReader other = OtherReader.of(postgres, "philotes_one")) {
            assertThat(other.isReading()).isTrue();
            assertThat(run("run", "--once", "--no-server", "--config", config))
                    .as(err.toString())
                    .isEqualTo(75);
            assertThat(err.toString()).contains("PHI-1009");
            assertThat(run("check", "--config", config)).isEqualTo(75);
            assertThat(out.toString()).contains("FAIL  PHI-1009");
        }
    }
}
