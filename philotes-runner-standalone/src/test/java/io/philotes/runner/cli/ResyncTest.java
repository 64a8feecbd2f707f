// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code resync}, against a running process and without one. */
class ResyncTest extends CliLab {

    private JsonNode table(String name) throws IOException {
        assertThat(cli("status", "-o", "json", "--config", config())).isZero();
        for (JsonNode table : new ObjectMapper().readTree(out()).get(0).path("tables")) {
            if (table.path("table").asText().equals(name)) {
                return table;
            }
        }
        throw new AssertionError("no " + name + " in " + out());
    }

    @Test
    void a_running_process_copies_one_table_again_and_the_command_waits_for_it() throws Exception {
        whileRunning(() -> {
            assertThat(cli("resync", "one", "public.t", "--wait", "--config", config()))
                    .as(said())
                    .isZero();
            assertThat(out()).isEqualTo("public.t was copied and follows the stream\n");
            assertThat(table("public.t").path("copies").asInt()).isEqualTo(2);
            assertThat(table("public.u").path("copies").asInt()).isEqualTo(1);
        });
        assertThat(LakeRows.of(lake(), "one", "t")).hasSize(10);
    }

    @Test
    void no_table_stands_for_all_of_them() throws Exception {
        whileRunning(() -> {
            assertThat(cli("resync", "one", "--wait", "-o", "json", "--config", config()))
                    .as(said())
                    .isZero();
            assertThat(new ObjectMapper().readTree(out()).path("tables"))
                    .hasSize(2)
                    .allSatisfy(
                            table -> assertThat(table.path("copies").asInt()).isEqualTo(2));
        });
    }

    @Test
    void names_that_are_not_there_are_said_with_a_guess() throws Exception {
        whileRunning(() -> {
            assertThat(cli("resync", "one", "public.tt", "--config", config())).isEqualTo(78);
            assertThat(err()).contains("PHI-1007", "table=public.tt; did you mean 'public.t'?", "  hint  ");
            assertThat(cli("resync", "ones", "--config", config())).isEqualTo(78);
            assertThat(err()).contains("no pipeline is called 'ones'; did you mean 'one'?");
            assertThat(cli("resync", "one", "a.b.c", "--config", config())).isEqualTo(64);
            assertThat(cli("resync", "one", "--offline", "--config", config()))
                    .as("an instance runs: " + err())
                    .isEqualTo(75);
        });
    }

    @Test
    void without_a_process_the_tables_are_marked_for_the_next_start() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config()))
                .as(err())
                .isZero();
        assertThat(cli("resync", "one", "public.t", "--config", config()))
                .as(err())
                .isZero();
        assertThat(err()).contains("no philotes answers at http://127.0.0.1:");
        assertThat(out()).isEqualTo("public.t is copied again at the next start of one\n");
        whileRunning(() -> {
            assertThat(table("public.t").path("copiedRows").asInt()).isEqualTo(10);
            assertThat(table("public.u").path("copies").asInt()).isZero();
        });
    }

    @Test
    void a_slot_that_was_lost_is_healed_by_copying_all_tables() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config()))
                .as(err())
                .isZero();
        execute("SELECT pg_drop_replication_slot('philotes_one')", "INSERT INTO t VALUES (11, 'unseen')");
        assertThat(cli("run", "--once", "--no-server", "--config", config())).isEqualTo(1);
        assertThat(err()).contains("PHI-1010");
        assertThat(cli("resync", "one", "--offline", "--config", config())).isZero();
        assertThat(cli("run", "--once", "--no-server", "--config", config()))
                .as(err())
                .isZero();
        assertThat(LakeRows.of(lake(), "one", "t")).hasSize(11).contains("11|unseen");
    }

    @Test
    void what_cannot_be_marked_is_refused() throws Exception {
        assertThat(cli("resync", "one", "--offline", "--config", config())).isEqualTo(1);
        assertThat(err()).contains("PHI-3007");
        assertThat(cli("resync", "one", "--wait", "--config", config())).isEqualTo(69);
        assertThat(cli("resync", "one", "--server", "http://127.0.0.1:1", "--config", config()))
                .isEqualTo(69);
        assertThat(cli("resync", "one", "--offline", "--wait", "--config", config()))
                .isEqualTo(64);
        assertThat(cli("resync", "two", "--offline", "--config", config())).isEqualTo(78);
        assertThat(cli("run", "--once", "--no-server", "--config", config())).isZero();
        assertThat(cli("resync", "one", "public.x", "--offline", "--config", config()))
                .isEqualTo(78);
        assertThat(err()).contains("PHI-1007");
    }
}
