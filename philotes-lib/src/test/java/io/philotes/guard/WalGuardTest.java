// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Alert;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.SourceStatus;
import io.philotes.pipeline.WalGuard;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalGuardTest {

    private static final String MUCH = "INSERT INTO items SELECT i, repeat('x', 1000) FROM generate_series(%d, %d) i";

    @TempDir
    Path directory;

    private final List<Alert> told = new CopyOnWriteArrayList<>();

    private GuardLab lab(WalGuard guard) {
        PipelineListener listener = new PipelineListener() {
            @Override
            public void alert(String pipeline, Alert alert) {
                told.add(alert);
            }
        };
        return new GuardLab(directory, "memory")
                .options(draft -> draft.listener(listener).walGuard(guard));
    }

    private boolean told(Alert.Kind kind, boolean raised) {
        return told.stream().anyMatch(alert -> alert.kind() == kind && alert.raised() == raised);
    }

    @Test
    void what_the_slot_keeps_is_told_once_and_told_to_be_over() throws Exception {
        WalGuard guard = new WalGuard(2 << 20, 1 << 30, WalGuard.OnExceeded.ALERT);
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = lab(guard)) {
            GuardLab.createItems(server);
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                pipeline.pause();
                server.execute(MUCH.formatted(1000, 6000));
                await().atMost(GuardLab.LONG).until(() -> told(Alert.Kind.WAL_RETAINED, true));
                SourceStatus source = pipeline.status().source().orElseThrow();
                assertThat(source.wal().slot().orElseThrow().retainedBytes()).isGreaterThan(2 << 20);
                assertThat(source.alerts()).extracting(Alert::kind).contains(Alert.Kind.WAL_RETAINED);

                pipeline.resume();
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                // The slot lets WAL go when the server writes down which transactions run, every fifteen seconds.
                await().atMost(GuardLab.LONG).until(() -> {
                    server.execute("CHECKPOINT");
                    return told(Alert.Kind.WAL_RETAINED, false);
                });
            }
            assertThat(told.stream().filter(alert -> alert.kind() == Alert.Kind.WAL_RETAINED))
                    .extracting(Alert::raised)
                    .containsExactly(true, false);
            lab.assertEqual(server);
        }
    }

    @Test
    void a_guard_that_drops_the_slot_ends_the_pipeline_loudly_and_resync_heals_it() throws Exception {
        WalGuard guard = new WalGuard(1 << 20, 2 << 20, WalGuard.OnExceeded.DROP_SLOT);
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = lab(guard)) {
            GuardLab.createItems(server);
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                pipeline.pause();
                server.execute(MUCH.formatted(1000, 6000));
                PhilotesException failure = GuardLab.failureOf(pipeline);
                GuardLab.assertCode(failure, ErrorCode.SLOT_LOST);
                assertThat(failure.getMessage()).contains("wal-guard.max-retained");
                pipeline.awaitStopped();
                assertThat(server.value("SELECT count(*) FROM pg_replication_slots"))
                        .isEqualTo("0");
            }
            lab.resyncAll(server);
            lab.catchUp(server);
        }
    }

    @Test
    void slots_of_others_are_seen() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = lab(WalGuard.DEFAULT)) {
            GuardLab.createItems(server);
            server.execute("SELECT pg_create_physical_replication_slot('forgotten', true)");
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                await().until(() -> pipeline.status().source().isPresent());
                assertThat(pipeline.status().source().orElseThrow().wal().others())
                        .anySatisfy(other -> assertThat(other.name()).isEqualTo("forgotten"));
            }
        }
    }
}
