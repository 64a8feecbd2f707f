// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.WalGuard;
import io.philotes.testkit.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Settings of a pipeline under test: what a test does not name is the same in all. */
final class TestSettings {

    /** Again at once, and for as long as a simulation lasts. */
    private static final RetryPolicy AT_ONCE =
            new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofDays(1));

    private final String name;
    private Duration commitInterval = Duration.ofSeconds(1);
    private long commitMaxBytes = 1 << 20;
    private Duration heartbeatInterval = Duration.ofSeconds(30);
    private Duration schemaLookInterval = Duration.ofSeconds(10);
    private int copyParallelism = 1;
    private ResyncPolicy resync = ResyncPolicy.MANUAL;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private WalGuard walGuard = WalGuard.DEFAULT;
    private long memoryBudgetBytes = 1 << 20;
    private Clock clock = new SettableClock();
    private PipelineMetrics metrics = PipelineMetrics.NONE;
    private List<PipelineListener> listeners = List.of();

    private TestSettings(String name) {
        this.name = name;
    }

    static TestSettings of(String name) {
        return new TestSettings(name);
    }

    /** Of a simulation: it commits often, and tries again at once. */
    static TestSettings simulated(String name, Clock clock) {
        return of(name).commitInterval(Duration.ofSeconds(10))
                .commitMaxBytes(200)
                .retry(AT_ONCE)
                .clock(clock);
    }

    TestSettings commitInterval(Duration interval) {
        commitInterval = interval;
        return this;
    }

    TestSettings commitMaxBytes(long bytes) {
        commitMaxBytes = bytes;
        return this;
    }

    TestSettings heartbeatInterval(Duration interval) {
        heartbeatInterval = interval;
        return this;
    }

    TestSettings schemaLookInterval(Duration interval) {
        schemaLookInterval = interval;
        return this;
    }

    TestSettings copyParallelism(int ranges) {
        copyParallelism = ranges;
        return this;
    }

    TestSettings resync(ResyncPolicy policy) {
        resync = policy;
        return this;
    }

    TestSettings retry(RetryPolicy policy) {
        retry = policy;
        return this;
    }

    TestSettings walGuard(WalGuard guard) {
        walGuard = guard;
        return this;
    }

    TestSettings memoryBudgetBytes(long bytes) {
        memoryBudgetBytes = bytes;
        return this;
    }

    TestSettings clock(Clock timeSource) {
        clock = timeSource;
        return this;
    }

    TestSettings metrics(PipelineMetrics counted) {
        metrics = counted;
        return this;
    }

    TestSettings listeners(PipelineListener... heard) {
        listeners = List.of(heard);
        return this;
    }

    PipelineSettings made() {
        return new PipelineSettings(
                name,
                commitInterval,
                commitMaxBytes,
                heartbeatInterval,
                schemaLookInterval,
                copyParallelism,
                resync,
                retry,
                walGuard,
                memoryBudgetBytes,
                clock,
                metrics,
                listeners);
    }
}
