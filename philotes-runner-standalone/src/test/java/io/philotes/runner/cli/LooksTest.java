// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is asked before a start: it says what the start would say, and leaves nothing. */
class LooksTest extends CliLab {

    @Test
    void check_and_plan_say_what_a_start_would_say() throws Exception {
        String[] once = {"run", "--once", "--no-server", "--config", config()};
        assertThat(cli(once)).as(said()).isZero();
        assertThat(cli("check", "--config", config())).as(said()).isZero();
        assertThat(cli("plan", "--config", config())).as(said()).isZero();

        execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        assertThat(cli(once)).as(said()).isEqualTo(1);
        assertThat(err()).contains("PHI-1010");
        assertThat(cli("check", "--config", config())).as(said()).isEqualTo(1);
        assertThat(out())
                .contains("FAIL  PHI-1010 slot: ", "resync", "1 error, 0 warnings")
                .doesNotContain("will be created");
        assertThat(cli("plan", "--config", config())).as(said()).isEqualTo(1);
        assertThat(out()).contains("refuse: PHI-1010", "resync").doesNotContain("create");

        assertThat(cli("resync", "one", "--offline", "--config", config()))
                .as(said())
                .isZero();
        assertThat(cli("check", "--config", config())).as(said()).isZero();
        assertThat(cli(once)).as(said()).isZero();
    }

    @Test
    void check_and_plan_say_that_a_slot_is_there_without_its_checkpoint() throws Exception {
        String[] once = {"run", "--once", "--no-server", "--config", config()};
        assertThat(cli(once)).as(said()).isZero();
        try (Stream<Path> checkpoints = Files.list(state().resolve("checkpoints"))) {
            for (Path checkpoint : checkpoints.toList()) {
                Files.delete(checkpoint);
            }
        }
        assertThat(cli(once)).as(said()).isEqualTo(1);
        assertThat(err()).contains("PHI-3007");
        assertThat(cli("check", "--config", config())).as(said()).isEqualTo(1);
        assertThat(out()).contains("FAIL  PHI-3007 slot: ", "1 error, 0 warnings");
        assertThat(cli("plan", "--config", config())).as(said()).isEqualTo(1);
        assertThat(out()).contains("refuse: PHI-3007").doesNotContain("keep slot");
    }

    @Test
    void check_says_that_the_state_directory_cannot_be_made() throws Exception {
        Files.writeString(state(), "in the way");
        assertThat(cli("check", "--config", config())).as(said()).isEqualTo(1);
        assertThat(out())
                .contains("FAIL  PHI-3004 state: ", state() + " is not a directory", "fix   make the directory");
    }

    @Test
    void check_looks_at_a_pipeline_that_runs_and_finds_nothing_wrong() throws Exception {
        whileRunning(() -> {
            assertThat(cli("check", "--config", config())).as(said()).isZero();
            assertThat(out())
                    .contains("warn  PHI-1009 slot: process ", "(philotes_one as postgres", "0 errors, 1 warning.")
                    .doesNotContain("FAIL");
            assertThat(cli("plan", "--config", config())).as(said()).isZero();
        });
    }

    @Test
    void neither_makes_the_tables_of_the_state() throws Exception {
        String url = "jdbc:postgresql://localhost:" + postgres().getPort() + "/postgres";
        String state = "state: { type: postgres, url: \"" + url + "\", username: postgres, password: postgres,"
                + " ssl: { mode: disable } }\n";
        Path file = Files.writeString(
                directory.resolve("elsewhere.yaml"), yaml(postgres().getPort(), "one", "[public.t]", state));
        for (String command : List.of("check", "plan")) {
            assertThat(cli(command, "--config", file.toString())).as(said()).isZero();
            assertThat(value("SELECT to_regnamespace('philotes')")).as(command).isNull();
        }
    }
}
