// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code teardown}, with the source there and away. */
class TeardownTest extends CliLab {

    private static String slots() throws Exception {
        return value("SELECT count(*) FROM pg_replication_slots");
    }

    private void runOnce() {
        assertThat(cli("run", "--once", "--no-server", "--config", config()))
                .as(said())
                .isZero();
    }

    @Test
    void nothing_happens_without_yes() throws Exception {
        runOnce();
        assertThat(cli("teardown", "one", "--config", config())).isEqualTo(64);
        assertThat(err()).contains("--yes");
        assertThat(slots()).isEqualTo("1");
        assertThat(cli("teardown", "two", "--yes", "--config", config())).isEqualTo(78);
    }

    @Test
    void slot_publication_and_state_go_and_the_lake_stays() throws Exception {
        runOnce();
        assertThat(cli("teardown", "one", "--yes", "--config", config()))
                .as(said())
                .isZero();
        assertThat(out())
                .contains("removed  replication slot philotes_one")
                .contains("removed  the checkpoint of one")
                .contains("kept     the tables in the lake");
        assertThat(slots()).isEqualTo("0");
        assertThat(value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        assertThat(LakeRows.of(lake(), "one", "t")).hasSize(10);
        assertThat(cli("teardown", "one", "--yes", "--config", config())).isZero();
    }

    @Test
    void a_running_instance_is_not_torn_down() throws Exception {
        whileRunning(() -> {
            assertThat(cli("teardown", "one", "--yes", "--config", config())).isEqualTo(75);
            assertThat(slots()).isEqualTo("1");
        });
    }

    @Test
    void with_the_source_away_a_later_call_does_the_rest() throws Exception {
        runOnce();
        String away = configure(1);
        assertThat(cli("teardown", "one", "--yes", "-o", "json", "--config", away))
                .as(said())
                .isEqualTo(75);
        assertThat(out()).contains("\"left\":[\"slot and publication at the source");
        assertThat(slots()).isEqualTo("1");
        assertThat(cli("teardown", "one", "--yes", "--config", config()))
                .as(said())
                .isZero();
        assertThat(slots()).isEqualTo("0");
    }
}
