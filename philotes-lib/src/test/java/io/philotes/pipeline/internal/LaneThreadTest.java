// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.sink.Sink;
import io.philotes.testkit.SettableClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LaneThreadTest {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final SettableClock clock = new SettableClock();
    private final AtomicBoolean failNext = new AtomicBoolean();
    private final AtomicInteger tended = new AtomicInteger();

    /** It looks after what it has with each idle step, and fails there on demand. */
    private Sink sink() {
        CountingSink counting = new CountingSink();
        return (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (sink, method, args) -> {
                    if (method.getName().equals("tend")) {
                        tended.incrementAndGet();
                        if (failNext.getAndSet(false)) {
                            throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot tend: scripted");
                        }
                    }
                    return method.invoke(counting, args);
                });
    }

    private Pipeline start() {
        return RunningPipeline.start(new PipelineParts(
                TestSettings.of("idle")
                        .heartbeatInterval(Duration.ofHours(1))
                        .retry(new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), LONGEST))
                        .clock(clock)
                        .made(),
                new ScriptedSource(),
                MemoryBuffer.bounded(1 << 20),
                Optional.of(new HeldCheckpoints()),
                List.of(new SinkPart("sink", sink()))));
    }

    private void awaitIdleSteps(Pipeline pipeline) {
        int before = tended.get();
        await().until(() -> tended.get() > before + 3 || pipeline.status().state() == PipelineState.FAILED);
    }

    @Test
    void failures_of_a_sink_that_had_nothing_to_commit_between_them_are_not_one_that_lasts() {
        try (Pipeline pipeline = start()) {
            awaitIdleSteps(pipeline);
            failNext.set(true);
            awaitIdleSteps(pipeline);
            assertThat(failNext).isFalse();
            clock.advance(LONGEST.plusSeconds(1));
            failNext.set(true);
            awaitIdleSteps(pipeline);
            assertThat(failNext).isFalse();
            assertThat(pipeline.status().failure()).isEmpty();
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
        }
    }
}
