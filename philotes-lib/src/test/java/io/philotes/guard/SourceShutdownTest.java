// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.awaitility.Awaitility.await;

import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is told to stop does so, whatever we are doing. */
class SourceShutdownTest {

    /** Far less than what the server waits for a client that says nothing. */
    private static final int SECONDS = 20;

    private static final String MUCH = "INSERT INTO items SELECT i, repeat('x', 1000) FROM generate_series(%d, %d) i";

    @TempDir
    Path directory;

    /** Holds the sink's thread in its hands. */
    private static final class Holding implements PipelineListener {

        private final AtomicBoolean hold = new AtomicBoolean();
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void committed(String pipeline, Lsn upTo, long rows) {
            try {
                if (hold.get()) {
                    release.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "memory", "disk"})
    void a_stop_of_the_server_does_not_wait_for_a_sink_that_is_blocked(String buffer) throws Exception {
        Holding holding = new Holding();
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, buffer).options(draft -> draft.listener(holding))) {
            GuardLab.createItems(server);
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                holding.hold.set(true);
                long received = pipeline.status().changesReceived();
                for (int i = 0; i < 20; i++) {
                    server.execute(MUCH.formatted(1000 + i * 100, 1099 + i * 100));
                }
                await().until(() -> pipeline.status().changesReceived() > received);

                long began = System.nanoTime();
                server.stopWithin(SECONDS);
                System.out.println("SourceShutdownTest buffer=" + buffer + " stopped in "
                        + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");

                holding.hold.set(false);
                holding.release.countDown();
                server.start();
                pipeline.runUntilCaughtUp(GuardLab.LONG);
            } finally {
                holding.release.countDown();
            }
            lab.assertEqual(server);
        }
    }

    @Test
    void nor_for_a_pipeline_that_was_paused() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, "memory")) {
            GuardLab.createItems(server);
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                pipeline.pause();
                server.execute(MUCH.formatted(1000, 3000));

                server.stopWithin(SECONDS);

                server.start();
                pipeline.resume();
                pipeline.runUntilCaughtUp(GuardLab.LONG);
            }
            lab.assertEqual(server);
        }
    }
}
