// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetterRequests;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.Sink;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A started pipeline: one thread that lives through sessions, each with a capture thread and an apply thread for each sink; and
 * a housekeeper. Read {@link #live} first.
 */
public final class RunningPipeline implements Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(RunningPipeline.class);

    /** It may be dropping a slot whose WAL threatens the source's disk. */
    private static final long HOUSEKEEPER_END_MILLIS = 40_000;

    private final PipelineParts parts;
    private final PipelineSettings settings;
    private final AttachedSource source;
    private final RunState run;
    private final OpenStores stores;
    private final StatusView view;
    private final SinkChanges sinkChanges;
    private final StopFlag stopHousekeeper = new StopFlag();
    private final Thread sessions;
    private final Thread housekeeper;

    private RunningPipeline(PipelineParts parts, AttachedSource source, RunState run, OpenStores stores) {
        this.parts = parts;
        this.settings = parts.settings();
        this.source = source;
        this.run = run;
        this.stores = stores;
        this.view = new StatusView(parts, run);
        this.sinkChanges = new SinkChanges(parts, source, run);
        this.sessions = NamedThreads.named("philotes-" + settings.name() + "-sessions", this::live);
        this.housekeeper = NamedThreads.named("philotes-" + settings.name() + "-housekeeper", this::keepHouse);
    }

    /** Preflight in the caller's thread, then the threads. */
    public static Pipeline start(PipelineParts parts) {
        AttachedSource source = parts.source().attach(parts.settings().name());
        Teardown.finishEarlier(parts, source);
        Preflight.require(parts, source);
        RunState run = RunState.of(parts);
        OpenStores stores = OpenStores.of(parts, run.stores());
        RunningPipeline pipeline = new RunningPipeline(parts, source, run, stores);
        LOG.info(
                "Pipeline {} starts: from {} to {}, commit every {} ms or {} bytes",
                parts.settings().name(),
                parts.source().description(),
                parts.sinks().stream().map(part -> part.sink().description()).collect(Collectors.joining(", ")),
                parts.settings().commitInterval().toMillis(),
                parts.settings().commitMaxBytes());
        run.lifecycle().moveTo(PipelineState.STARTING);
        pipeline.sessions.start();
        pipeline.housekeeper.start();
        return pipeline;
    }

    /** The life of the pipeline: sessions, until one ends for good. */
    private void live() {
        try {
            while (!run.lifecycle().stopRequested()) {
                session();
            }
        } catch (InterruptedException e) {
            interrupted(e);
        } catch (RuntimeException e) {
            run.lifecycle().fail(FailurePolicy.classify(e));
        } catch (Error e) {
            run.lifecycle().fail(FailurePolicy.fatal(e));
            throw e;
        } finally {
            end();
        }
    }

    /** Whoever stops it says so before; but a listener may interrupt the thread that tells it something. */
    private void interrupted(InterruptedException e) {
        if (run.lifecycle().stopRequested()) {
            LOG.warn("Pipeline {} was interrupted; what was not committed comes again", settings.name());
        } else {
            run.lifecycle()
                    .fail(new PhilotesException(
                                    ErrorCode.INTERRUPTED,
                                    "Cannot go on: a listener left the pipeline's thread interrupted",
                                    e)
                            .hinting("let it throw instead, and start the pipeline again"));
        }
    }

    private void session() throws InterruptedException {
        try {
            stores.requireBuffer();
            new Session(parts, source, run).run();
        } catch (RuntimeException e) {
            // The last sink may have failed while its session ended for another reason: nobody is left to go on.
            run.lanes().end().ifPresent(run.lifecycle()::fail);
            if (!run.lifecycle().stopRequested()) {
                recover(FailurePolicy.classify(e));
            } else {
                LOG.info("Pipeline {} stops while: {}", settings.name(), e.getMessage());
            }
        }
    }

    private void recover(PhilotesException failure) throws InterruptedException {
        switch (FailurePolicy.actionFor(failure)) {
            case TRY_AGAIN -> {
                Duration pause = run.backoff().next(failure);
                LOG.warn(
                        "Pipeline {}: {}; begins again in {} ms",
                        settings.name(),
                        failure.getMessage(),
                        pause.toMillis());
                settings.metrics().retried("session", failure.code().code());
                run.sessionFailures().add(failure);
                run.lifecycle().trouble(failure);
                run.lifecycle().await(pause);
                restarted(failure);
            }
            case STAND_BY -> {
                run.readFailures().end();
                run.lifecycle().trouble(failure);
                run.lifecycle().moveTo(PipelineState.STANDBY);
                new StandbyWait(source, run.lifecycle()).untilFree();
                restarted(failure);
            }
            case HOLD_TABLE, FAIL -> run.lifecycle().fail(failure);
        }
    }

    private void restarted(PhilotesException after) {
        if (!run.lifecycle().stopRequested()) {
            settings.metrics().restarted(after.code().code());
        }
    }

    /** Whoever waits for the end must not wait for ever, whatever cannot be closed. */
    private void end() {
        try {
            run.lifecycle().moveTo(PipelineState.STOPPING);
            stopHousekeeper.set();
            for (Lane lane : run.lanes()) {
                lane.closeSink();
                lane.health().stopped();
            }
            stores.close();
        } finally {
            stopHousekeeper.set();
            run.lifecycle().requestStop();
            run.lifecycle().moveTo(PipelineState.STOPPED);
        }
    }

    private void keepHouse() {
        try {
            new Housekeeper(settings, source, run).run(stopHousekeeper);
        } catch (RuntimeException e) {
            run.lifecycle().fail(FailurePolicy.classify(e));
        } catch (Error e) {
            LOG.error("Pipeline {}: the timers end", settings.name(), e);
            // Without them it would look well while nobody watches it.
            run.lifecycle().fail(FailurePolicy.fatal(e));
        }
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public PipelineStatus status() {
        return view.status();
    }

    @Override
    public void pause() {
        run.lifecycle().pause();
    }

    @Override
    public void resume() {
        run.lifecycle().resume();
    }

    @Override
    public void resync(Collection<TableId> tables) {
        new ResyncRequest(source, run).make(tables);
    }

    @Override
    public void resync(String sink, Collection<TableId> tables) {
        new ResyncRequest(source, run).make(sink, tables);
    }

    @Override
    public void addSink(String name, Sink sink) {
        sinkChanges.add(new SinkPart(name, sink));
    }

    @Override
    public void removeSink(String name) throws InterruptedException {
        sinkChanges.remove(name, isOwnThread());
    }

    @Override
    public void runUntilCaughtUp(Duration timeout) throws InterruptedException {
        new CatchUp(source, run).await(timeout);
    }

    @Override
    public VerifyReport verify(VerifyRequest request) throws InterruptedException {
        return new Verifications(parts, run).make(request);
    }

    @Override
    public Optional<DeadLetterRequests> deadLetters() {
        return parts.rows().queue().map(queue -> new DeadLetterRequests(queue, settings.name(), settings.clock()));
    }

    @Override
    public void awaitStopped() throws InterruptedException {
        run.lifecycle().awaitFinal();
        sessions.join();
        housekeeper.join(HOUSEKEEPER_END_MILLIS);
    }

    @Override
    public void stop(Duration timeout) {
        if (run.lifecycle().state().isFinal() && !sessions.isAlive()) {
            return;
        }
        LOG.info("Pipeline {} is told to stop", settings.name());
        run.lifecycle().requestStop();
        if (isOwnThread()) {
            return; // A listener asked: the thread ends when it returns.
        }
        boolean interrupted = joinFor(timeout);
        if (sessions.isAlive()) {
            LOG.warn(
                    "Pipeline {} did not stop in {} ms; its threads are interrupted",
                    settings.name(),
                    timeout.toMillis());
            sessions.interrupt();
            interrupted |= joinFor(Duration.ofSeconds(5));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOwnThread() {
        Thread caller = Thread.currentThread();
        return caller == sessions || run.lanes().stream().anyMatch(lane -> lane.thread() == caller);
    }

    private boolean joinFor(Duration timeout) {
        try {
            sessions.join(Math.max(1, timeout.toMillis()));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
