// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.spring.PhilotesPipelines;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the pipelines last of all and stops them first, while everything that they use is there. What somebody must mend ends
 * the application's start; what may pass is tried again beside it. Thread-safe.
 */
final class PhilotesLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(PhilotesLifecycle.class);

    /** Longer than any outage that somebody does not look at. */
    private static final Duration PATIENCE = Duration.ofDays(365);

    /** Of the time that Spring grants, the part that is left for threads that did not end in theirs. */
    private static final int RESERVE = 6;

    private final PhilotesPipelines pipelines;
    private final Starter starter;
    private final boolean autoStart;
    private final Duration stopTimeout;
    private volatile boolean running;

    /** @param phaseTimeout how long Spring waits for a phase to stop */
    PhilotesLifecycle(PhilotesPipelines pipelines, Starter starter, boolean autoStart, Duration phaseTimeout) {
        this.pipelines = pipelines;
        this.starter = starter;
        this.autoStart = autoStart;
        this.stopTimeout = phaseTimeout.minus(phaseTimeout.dividedBy(RESERVE));
    }

    @Override
    public void start() {
        running = true;
        if (pipelines.names().isEmpty()) {
            LOG.warn("There is nothing to do: no pipeline is under philotes.pipelines");
        }
        try {
            pipelines.names().forEach(this::startOne);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    private void startOne(String pipeline) {
        try {
            pipelines.start(pipeline);
        } catch (PhilotesException e) {
            if (!mayPass(e)) {
                throw starter.explained(pipeline, e);
            }
            LOG.warn(
                    "Pipeline {} cannot start yet, and tries again: {} (hint: {})", pipeline, e.getMessage(), e.hint());
            pipelines.startAside(pipeline, PATIENCE);
        }
    }

    /** A password that is refused may be one that changes just now, but at a start it is a wrong one: nobody waits for it. */
    private static boolean mayPass(PhilotesException failure) {
        return failure.recovery() == Recovery.RETRY && failure.code() != ErrorCode.SOURCE_AUTHENTICATION;
    }

    @Override
    public void stop() {
        pipelines.stopAll(stopTimeout);
        running = false;
    }

    @Override
    public void stop(Runnable callback) {
        new Thread(
                        () -> {
                            try {
                                stop();
                            } finally {
                                callback.run();
                            }
                        },
                        "philotes-stop")
                .start();
    }

    /** One that a person started, without this, is stopped here too: before anything that it uses goes. */
    @Override
    public boolean isRunning() {
        return running
                || pipelines.statuses().stream()
                        .map(PipelineStatus::state)
                        .anyMatch(state -> state != PipelineState.CREATED && !state.isFinal());
    }

    @Override
    public boolean isAutoStartup() {
        return autoStart;
    }
}
