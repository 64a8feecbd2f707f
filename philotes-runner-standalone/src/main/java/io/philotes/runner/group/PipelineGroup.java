// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import io.philotes.PipelineBuilder;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.runner.server.RunningPipelines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts pipelines together and stops them together. Thread-safe. */
public final class PipelineGroup implements RunningPipelines, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineGroup.class);

    private final List<Pipeline> running = new CopyOnWriteArrayList<>();
    private final CopyCounts copies = new CopyCounts();
    private boolean closed;

    /**
     * Starts one after another. When one cannot start, those before it are stopped.
     *
     * @param builders gives a pipeline's builder by its name
     * @throws PhilotesException of the one that cannot start
     */
    public void start(List<String> names, Function<String, PipelineBuilder> builders) {
        try {
            for (String name : names) {
                if (!startOne(builders.apply(name))) {
                    return;
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** False when the group is closed already: a signal may come while pipelines start. */
    private synchronized boolean startOne(PipelineBuilder builder) {
        if (closed) {
            return false;
        }
        running.add(builder.listener(copies).start());
        return true;
    }

    @Override
    public List<PipelineStatus> statuses() {
        return running.stream().map(Pipeline::status).toList();
    }

    @Override
    public Map<TableId, Long> copies(String pipeline) {
        return copies.of(pipeline);
    }

    @Override
    public void resync(String pipeline, Collection<TableId> tables) {
        pipeline(pipeline).resync(tables);
    }

    @Override
    public Optional<DeadLetterRequests> deadLetters(String pipeline) {
        return pipeline(pipeline).deadLetters();
    }

    @Override
    public VerifyReport verify(String pipeline, VerifyRequest request) throws InterruptedException {
        return pipeline(pipeline).verify(request);
    }

    public PipelineStatus status(String name) {
        return pipeline(name).status();
    }

    private Pipeline pipeline(String name) {
        return running.stream()
                .filter(pipeline -> pipeline.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Commits everything that was in the WAL at the call, pipeline by pipeline.
     *
     * @throws PhilotesException of the first that cannot
     */
    public void runUntilCaughtUp(Duration timeout) throws InterruptedException {
        for (Pipeline pipeline : running) {
            pipeline.runUntilCaughtUp(timeout);
        }
    }

    /** Waits until every pipeline is at its end. */
    public void awaitStopped() throws InterruptedException {
        for (Pipeline pipeline : running) {
            pipeline.awaitStopped();
        }
    }

    /** Why the first of those that failed did. */
    public Optional<PhilotesException> failure() {
        return statuses().stream()
                .filter(status -> status.state() == PipelineState.FAILED)
                .flatMap(status -> status.failure().stream())
                .findFirst();
    }

    /** Stops all at the same time, within {@link Pipeline#DEFAULT_STOP_TIMEOUT}. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        List<Thread> stoppers = new ArrayList<>();
        for (Pipeline pipeline : running) {
            Thread stopper = new Thread(pipeline::close, "philotes-" + pipeline.name() + "-stop");
            stopper.start();
            stoppers.add(stopper);
        }
        try {
            for (Thread stopper : stoppers) {
                stopper.join();
            }
        } catch (InterruptedException e) {
            LOG.warn("Interrupted while pipelines stop; what was not committed comes again");
            Thread.currentThread().interrupt();
        }
    }
}
