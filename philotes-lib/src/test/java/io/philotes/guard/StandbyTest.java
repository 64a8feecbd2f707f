// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.PipelineDraft;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.checkpoint.postgres.PostgresCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.testkit.Meters;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class StandbyTest {

    @TempDir
    Path directory;

    @Test
    void the_second_instance_waits_quietly_and_takes_over_when_the_first_ends() throws Exception {
        List<PipelineState> states = new CopyOnWriteArrayList<>();
        Meters meters = new Meters();
        PipelineListener listener = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                states.add(to);
            }
        };
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab one = new GuardLab(directory, "memory");
                GuardLab two = new GuardLab(directory, "memory")
                        .options(draft -> draft.listener(listener).metrics(meters.metrics()))) {
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
                assertThat(meters.value(
                                "philotes.pipeline.restarts", "sink", "none", "reason", ErrorCode.SLOT_IN_USE.code()))
                        .isPositive();
            }
            two.assertEqual(server);
        }
    }

    @Test
    void a_second_instance_waits_for_a_shared_buffer_in_postgres_and_takes_over() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"))) {
            server.execute("CREATE DATABASE state");
            takesOver(
                    server,
                    draft -> draft.buffer(PostgresBuffer.of(state(server)))
                            .checkpoints(PostgresCheckpointStore.of(state(server))));
        }
    }

    @Test
    void a_second_instance_waits_for_a_shared_buffer_on_the_disk_and_takes_over() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"))) {
            takesOver(
                    server,
                    draft -> draft.buffer(DiskBuffer.at(directory.resolve("shared")))
                            .checkpoints(FileCheckpointStore.at(directory.resolve("checkpoints"))));
        }
    }

    private static DataSource state(PostgresCluster server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(server.url().replaceAll("/[^/]*$", "/state"));
        source.setUser("postgres");
        source.setPassword("postgres");
        return source;
    }

    private void takesOver(PostgresCluster server, UnaryOperator<PipelineDraft> stores) throws Exception {
        try (GuardLab lab = new GuardLab(directory, "memory").options(stores)) {
            GuardLab.createItems(server);
            try (Pipeline first = lab.start(server)) {
                first.runUntilCaughtUp(GuardLab.LONG);
                try (Pipeline second = lab.start(server)) {
                    awaitStandby(second);
                    GuardLab.assertCode(second.status().failure().orElseThrow(), ErrorCode.BUFFER_IN_USE);
                    server.execute("INSERT INTO items VALUES (1001, 'by the first')");
                    first.runUntilCaughtUp(GuardLab.LONG);
                    assertThat(second.status().state()).isIn(PipelineState.STANDBY, PipelineState.STARTING);

                    first.stop(GuardLab.LONG);

                    await().atMost(GuardLab.LONG).until(() -> second.status().state() == PipelineState.RUNNING);
                    server.execute("INSERT INTO items VALUES (1002, 'by the second')");
                    second.runUntilCaughtUp(GuardLab.LONG);
                }
            }
            lab.assertEqual(server);
        }
    }

    private static void awaitStandby(Pipeline pipeline) {
        await().atMost(GuardLab.LONG).until(() -> pipeline.status().state() == PipelineState.STANDBY);
    }

    @Test
    void one_that_waits_for_the_buffer_may_be_stopped_and_leaves_it_to_the_first() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, "disk")) {
            GuardLab.createItems(server);
            try (Pipeline first = lab.start(server)) {
                first.runUntilCaughtUp(GuardLab.LONG);
                try (Pipeline second = lab.start(server)) {
                    awaitStandby(second);
                    second.stop(GuardLab.LONG);
                    assertThat(second.status().state()).isEqualTo(PipelineState.STOPPED);
                }
                server.execute("INSERT INTO items VALUES (1001, 'after it')");
                first.runUntilCaughtUp(GuardLab.LONG);
            }
            lab.assertEqual(server);
        }
    }
}
