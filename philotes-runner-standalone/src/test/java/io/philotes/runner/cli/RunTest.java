// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.runner.yaml.ConfigReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Commands against a real PostgreSQL. */
class RunTest extends CliLab {

    private static boolean slotExists() throws SQLException {
        return value("SELECT 1 FROM pg_replication_slots") != null;
    }

    @Test
    void run_once_mirrors_what_is_there_and_goes_on_from_there() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config()))
                .as(err())
                .isZero();
        execute("INSERT INTO t VALUES (11, 'later')", "DELETE FROM t WHERE id = 1");
        assertThat(cli("run", "--once", "--no-server", "--config", config()))
                .as(err())
                .isZero();
        assertThat(LakeRows.of(lake(), "one", "t"))
                .hasSize(10)
                .contains("11|later")
                .doesNotContain("1|n1");
    }

    @Test
    void check_finds_nothing_wrong_and_creates_nothing() throws Exception {
        assertThat(cli("check", "--config", config())).as(said()).isZero();
        assertThat(out()).contains("ok    ", "0 errors");
        assertThat(slotExists()).isFalse();
    }

    @Test
    void check_names_a_missing_table_and_ends_with_1() throws Exception {
        execute("DROP TABLE t");
        assertThat(cli("check", "--config", config())).isEqualTo(1);
        assertThat(out()).contains("FAIL  PHI-1007", " error");
    }

    @Test
    void run_without_the_table_ends_with_78() throws Exception {
        execute("DROP TABLE t");
        assertThat(cli("run", "--no-server", "--config", config())).isEqualTo(78);
        assertThat(err()).contains("PHI-1007").contains("  hint  ");
    }

    @Test
    void a_wrong_password_ends_with_77() throws Exception {
        execute("CREATE ROLE stranger LOGIN PASSWORD 'x'");
        String yaml = Files.readString(Path.of(config())).replace("username: postgres", "username: stranger");
        Files.writeString(Path.of(config()), yaml);
        assertThat(cli("run", "--no-server", "--config", config())).isEqualTo(77);
        execute("DROP ROLE stranger");
    }

    @Test
    void plan_tells_what_would_be_created() throws Exception {
        assertThat(cli("plan", "-o", "json", "--config", config())).as(err()).isZero();
        JsonNode plan = new ObjectMapper().readTree(out()).get(0);
        assertThat(plan.path("pipeline").asText()).isEqualTo("one");
        assertThat(plan.at("/tables/0/action").asText()).isEqualTo("create");
        assertThat(cli("plan", "--config", config())).isZero();
        assertThat(out()).contains("create one.t from public.t");
        assertThat(slotExists()).isFalse();
    }

    @Test
    void wal_tells_what_the_slot_keeps_without_a_running_pipeline() throws Exception {
        assertThat(cli("wal", "--seconds", "0", "--config", config())).as(err()).isZero();
        assertThat(out()).contains("the pipeline has no slot");
        assertThat(cli("run", "--once", "--no-server", "--config", config())).isZero();
        execute("SELECT pg_create_physical_replication_slot('forgotten', true)");

        assertThat(cli("wal", "--seconds", "0", "--config", config())).as(err()).isZero();
        assertThat(out()).contains("philotes_one ", "reserved", "forgotten (other)", "unlimited");
        assertThat(cli("wal", "--seconds", "1", "-o", "json", "--config", config()))
                .isZero();
        JsonNode one = new ObjectMapper().readTree(out()).path("one");
        assertThat(one.at("/slot/slot").asText()).isEqualTo("philotes_one");
        assertThat(one.at("/slot/retainedBytes").asLong()).isPositive();
        assertThat(one.at("/limitBytes").asLong()).isEqualTo(10L << 30);
    }

    @Test
    void a_slot_that_another_reads_ends_once_and_check_with_75() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config())).isZero();
        try (OtherReader other = OtherReader.of(postgres(), "philotes_one")) {
            assertThat(other.isReading()).isTrue();
            assertThat(cli("run", "--once", "--no-server", "--config", config()))
                    .as(err())
                    .isEqualTo(75);
            assertThat(err()).contains("PHI-1009");
            assertThat(cli("check", "--config", config())).as(said()).isZero();
            assertThat(out()).contains("warn  PHI-1009 slot: ", "STANDBY", "0 errors, 1 warning.");
        }
    }

    @Test
    void a_port_that_is_taken_ends_with_75_before_anything_is_made() throws Exception {
        int port =
                new ConfigReader(name -> null).read(Path.of(config())).server().port();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();
            assertThat(cli("run", "--once", "--config", config())).as(err()).isEqualTo(75);
            assertThat(err()).contains("Cannot listen on 127.0.0.1:" + port, "  hint  ");
        }
        assertThat(slotExists()).isFalse();
        assertThat(cli("run", "--once", "--config", config())).as(err()).isZero();
    }
}
