// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.testkit.FlakySink;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that tries something again does not look as if all were well. */
class RetriesShownTest {

    @TempDir
    Path directory;

    private final Queue<ErrorCode> told = new ConcurrentLinkedQueue<>();

    private final PipelineListener listener = new PipelineListener() {
        @Override
        public void retrying(String pipeline, PhilotesException failure) {
            told.add(failure.code());
        }
    };

    @Test
    void capture_that_waits_for_its_server_shows_since_when_and_after_what() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, "disk").options(draft -> draft.listener(listener))) {
            GuardLab.createItems(server);
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                assertThat(pipeline.status().retries()).isEmpty();
                assertThat(pipeline.status().failure()).isEmpty();

                Instant before = Instant.now();
                server.stop("fast");
                Retry first = awaitRetry(pipeline, 1);
                Retry later = awaitRetry(pipeline, first.failures() + 1);

                assertThat(first.stage()).isEqualTo(Retry.Stage.READ);
                assertThat(first.sink()).isEmpty();
                assertThat(first.since()).isBetween(before, Instant.now());
                assertThat(later.since()).isEqualTo(first.since());
                assertThat(later.last().code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
                PipelineStatus status = pipeline.status();
                assertThat(status.state()).isEqualTo(PipelineState.RUNNING);
                assertThat(status.failure())
                        .hasValueSatisfying(failure -> assertThat(failure.code())
                                .as(failure.toString())
                                .isEqualTo(ErrorCode.SOURCE_UNREACHABLE));
                assertThat(told).contains(ErrorCode.SOURCE_UNREACHABLE);

                server.start();
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                await().atMost(GuardLab.LONG)
                        .until(() -> pipeline.status().retries().isEmpty());
                assertThat(pipeline.status().failure()).isEmpty();
            }
            lab.assertEqual(server);
        }
    }

    /** A pipeline that has nothing to commit got over its failure as well: the next one is another. */
    @Test
    void failures_with_an_idle_time_between_are_not_one_row_of_them() throws Exception {
        Duration longest = Duration.ofSeconds(3);
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, "disk")
                        .options(draft -> draft.retry(
                                new RetryPolicy(Duration.ofMillis(100), Duration.ofMillis(200), longest)))) {
            GuardLab.createItems(server);
            FlakySink sink = new FlakySink(
                    IcebergSink.builder(lab.catalog).namespace("lab").build());
            try (Pipeline pipeline = lab.pipeline(server.url(), sink.sink()).start()) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                Retry first = failOnce(pipeline, sink);
                await().atMost(GuardLab.LONG)
                        .until(() -> Instant.now().isAfter(first.since().plus(longest.multipliedBy(2))));
                failOnce(pipeline, sink);
                server.execute("INSERT INTO items VALUES (1001, 'after both')");
                pipeline.runUntilCaughtUp(GuardLab.LONG);
            }
            lab.assertEqual(server);
        }
    }

    private static Retry failOnce(Pipeline pipeline, FlakySink sink) {
        sink.fault(ErrorCode.STORAGE_FAILED);
        Retry retry = awaitRetry(pipeline, 1);
        sink.fault(null);
        await().atMost(GuardLab.LONG).until(() -> pipeline.status().retries().isEmpty());
        return retry;
    }

    private static Retry awaitRetry(Pipeline pipeline, long failures) {
        List<Retry> seen = await().atMost(GuardLab.LONG)
                .until(
                        () -> pipeline.status().retries(),
                        now -> now.stream().anyMatch(retry -> retry.failures() >= failures));
        assertThat(seen).hasSize(1);
        return seen.get(0);
    }
}
