// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandbyTest {

    @TempDir
    Path directory;

    @Test
    void the_second_instance_waits_quietly_and_takes_over_when_the_first_ends() throws Exception {
        List<PipelineState> states = new CopyOnWriteArrayList<>();
        PipelineListener listener = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                states.add(to);
            }
        };
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab one = new GuardLab(directory, "memory");
                GuardLab two = new GuardLab(directory, "memory").options(draft -> draft.listener(listener))) {
            GuardLab.createItems(server);
            try (Pipeline first = one.start(server)) {
                first.runUntilCaughtUp(GuardLab.LONG);
                try (Pipeline second = two.start(server)) {
                    await().atMost(GuardLab.LONG).until(() -> second.status().state() == PipelineState.STANDBY);
                    server.execute("INSERT INTO items VALUES (1001, 'by the first')");
                    first.runUntilCaughtUp(GuardLab.LONG);
                    assertThat(second.status().state()).isEqualTo(PipelineState.STANDBY);

                    first.stop(GuardLab.LONG);

                    await().atMost(GuardLab.LONG).until(() -> second.status().state() == PipelineState.RUNNING);
                    server.execute("INSERT INTO items VALUES (1002, 'by the second')");
                    second.runUntilCaughtUp(GuardLab.LONG);
                }
                assertThat(states)
                        .startsWith(
                                PipelineState.STARTING,
                                PipelineState.STANDBY,
                                PipelineState.STARTING,
                                PipelineState.RUNNING);
            }
            two.assertEqual(server);
        }
    }
}
