// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A started pipeline: one apply thread that lives through sessions, each with a capture thread, and a housekeeper. Read
 * {@link #live} first.
 */
public final class RunningPipeline implements Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(RunningPipeline.class);

    private static final String ASKED_FOR = "asked for";

    private static final Duration STANDBY_PAUSE = Duration.ofSeconds(2);

    private final PipelineParts parts;
    private final PipelineSettings settings;
    private final AttachedSource source;
    private final CheckpointStore store;
    private final RunState run;
    private final StatusView view;
    private final StopFlag stopHousekeeper = new StopFlag();
    private final Thread apply;
    private final Thread housekeeper;

    private RunningPipeline(PipelineParts parts, AttachedSource source, CheckpointStore store) {
        this.parts = parts;
        this.settings = parts.settings();
        this.source = source;
        this.store = store;
        this.run = RunState.of(settings, store);
        this.view = new StatusView(parts, run);
        this.apply = NamedThreads.named("philotes-" + settings.name() + "-apply-" + parts.sinkName(), this::live);
        this.housekeeper = NamedThreads.named("philotes-" + settings.name() + "-housekeeper", this::keepHouse);
    }

    /** Preflight in the caller's thread, then the threads. */
    public static Pipeline start(PipelineParts parts) {
        AttachedSource source = parts.source().attach(parts.settings().name());
        Preflight.require(parts, source);
        CheckpointStore store = parts.requireCheckpoints();
        parts.buffer().open(parts.settings().name());
        RunningPipeline pipeline = new RunningPipeline(parts, source, store);
        LOG.info(
                "Pipeline {} starts: from {} to {}, commit every {} ms or {} bytes",
                parts.settings().name(),
                parts.source().description(),
                parts.sink().description(),
                parts.settings().commitInterval().toMillis(),
                parts.settings().commitMaxBytes());
        pipeline.run.lifecycle().moveTo(PipelineState.STARTING);
        pipeline.apply.start();
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
            LOG.warn("Pipeline {} was interrupted; what was not committed comes again", settings.name());
        } catch (RuntimeException e) {
            run.lifecycle().fail(FailurePolicy.classify(e));
        } catch (Error e) {
            run.lifecycle().fail(FailurePolicy.fatal(e));
            throw e;
        } finally {
            end();
        }
    }

    private void session() throws InterruptedException {
        try {
            new Session(parts, source, run).run();
        } catch (RuntimeException e) {
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
                settings.metrics().retried("write", failure.code().code());
                run.lifecycle().trouble(failure);
                run.lifecycle().await(pause);
            }
            case STAND_BY -> {
                run.lifecycle().trouble(failure);
                run.lifecycle().moveTo(PipelineState.STANDBY);
                run.lifecycle().await(STANDBY_PAUSE);
            }
            case HOLD_TABLE -> {
                TableId table = failure.table().orElseThrow();
                run.board().held(table, failure.getMessage() + " -- " + failure.hint());
                run.lifecycle().fail(failure);
            }
            case FAIL -> run.lifecycle().fail(failure);
        }
    }

    private void end() {
        run.lifecycle().moveTo(PipelineState.STOPPING);
        stopHousekeeper.set();
        parts.sink().close();
        parts.buffer().close();
        store.close();
        run.lifecycle().requestStop();
        run.lifecycle().moveTo(PipelineState.STOPPED);
    }

    private void keepHouse() {
        try {
            new Housekeeper(settings, source, run).run(stopHousekeeper);
        } catch (InterruptedException e) {
            LOG.debug("Pipeline {}: housekeeper interrupted", settings.name());
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
        requireNotAtEnd();
        if (tables.isEmpty()) {
            run.wishes().addAll(ASKED_FOR);
            return;
        }
        requireKnown(tables);
        run.wishes().add(tables, ASKED_FOR);
    }

    private void requireNotAtEnd() {
        if (run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot do that: the pipeline is at its end");
        }
    }

    /** Before its first session the pipeline knows no table yet, so the source is asked. */
    private void requireKnown(Collection<TableId> tables) {
        Set<TableId> unknown = new TreeSet<>(tables);
        unknown.removeAll(run.board().tables());
        if (!unknown.isEmpty()) {
            source.tables().forEach(picture -> unknown.remove(picture.relation().table()));
        }
        for (TableId table : unknown) {
            throw new PhilotesException(
                            ErrorCode.TABLE_MISSING, "Cannot copy a table again: it is not one of this pipeline")
                    .inTable(table);
        }
    }

    @Override
    public void runUntilCaughtUp(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        source.heartbeat();
        Lsn target = source.identify().walEnd();
        run.progress().wantCommit(target);
        while (!hasReached(target)) {
            requireHope(target, deadline);
            run.lifecycle().await(Duration.ofMillis(20));
        }
        requireAllFollow();
    }

    @Override
    public VerifyReport verify(VerifyRequest request) throws InterruptedException {
        requireNotAtEnd();
        return new Verification(parts.source().attach(settings.name()), parts.sink(), new SessionView(run), request)
                .run(settings.name());
    }

    private boolean hasReached(Lsn target) {
        return !run.progress().covered().isBefore(target)
                && run.lifecycle().state() == PipelineState.RUNNING
                && run.wishes().isEmpty()
                && run.board().allReached(target);
    }

    private void requireHope(Lsn target, long deadline) {
        PipelineState state = run.lifecycle().state();
        if (state == PipelineState.STANDBY || state == PipelineState.FAILED) {
            throw run.lifecycle().failure().orElseThrow();
        }
        if (state == PipelineState.STOPPING || state.isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_CAUGHT_UP, "Cannot catch up: the pipeline stops").at(target);
        }
        if (System.nanoTime() - deadline > 0) {
            throw new PhilotesException(
                            ErrorCode.NOT_CAUGHT_UP,
                            "Cannot catch up in time: committed up to "
                                    + run.progress().covered() + ", state " + state)
                    .at(target);
        }
    }

    private void requireAllFollow() {
        List<TableId> behind = new ArrayList<>(run.board().inState(TableState.HELD));
        behind.addAll(run.board().inState(TableState.NEEDS_RESYNC));
        if (!behind.isEmpty()) {
            throw new PhilotesException(
                            ErrorCode.NOT_CAUGHT_UP,
                            "Cannot catch up with every table: "
                                    + run.board().progress(behind.get(0)).reason())
                    .inTable(behind.get(0));
        }
    }

    @Override
    public void awaitStopped() throws InterruptedException {
        run.lifecycle().awaitFinal();
        apply.join();
    }

    @Override
    public void stop(Duration timeout) {
        if (run.lifecycle().state().isFinal() && !apply.isAlive()) {
            return;
        }
        LOG.info("Pipeline {} is told to stop", settings.name());
        run.lifecycle().requestStop();
        if (Thread.currentThread() == apply) {
            return; // A listener asked: the apply thread ends when it returns.
        }
        boolean interrupted = joinFor(timeout);
        if (apply.isAlive()) {
            LOG.warn(
                    "Pipeline {} did not stop in {} ms; its threads are interrupted",
                    settings.name(),
                    timeout.toMillis());
            apply.interrupt();
            interrupted |= joinFor(Duration.ofSeconds(5));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean joinFor(Duration timeout) {
        try {
            apply.join(Math.max(1, timeout.toMillis()));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
