// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink's apply thread during a session. Whatever fails in it that may pass lets this sink begin again from what it has
 * committed, and touches neither capture nor the other sinks.
 */
final class LaneThread {

    private static final Logger LOG = LoggerFactory.getLogger(LaneThread.class);

    private final Lane lane;
    private final AttachedSource source;
    private final RunState run;
    private final Lifecycle lifecycle;
    private final StopFlag stop = new StopFlag();
    private final AtomicReference<PhilotesException> ofTheSession;
    private final Thread thread;

    /** @param ofTheSession where a failure goes that ends the session for all */
    LaneThread(Lane lane, AttachedSource source, RunState run, AtomicReference<PhilotesException> ofTheSession) {
        this.lane = lane;
        this.source = source;
        this.run = run;
        this.lifecycle = run.lifecycle();
        this.ofTheSession = ofTheSession;
        this.thread = NamedThreads.named(lane.name().thread(), this::live);
    }

    void start() {
        lane.thread(thread);
        thread.start();
    }

    Lane lane() {
        return lane;
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Ends it: in order when the pipeline or this sink is told to stop, else at once. */
    void end() {
        stop.set();
        lifecycle.wake();
    }

    /** Ends it by force. */
    void interrupt() {
        stop.set();
        thread.interrupt();
    }

    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }

    private boolean goesOn() {
        return !stop.isSet() && !isToldToStop() && !lane.health().hasFailed();
    }

    private boolean isToldToStop() {
        return lifecycle.stopRequested() || lane.isLeaving();
    }

    private void live() {
        try {
            while (goesOn()) {
                followOrRecover();
            }
        } catch (InterruptedException e) {
            interrupted(e);
        } catch (RuntimeException e) {
            lane.health().fail(FailurePolicy.classify(e));
        } catch (Error e) {
            lifecycle.fail(FailurePolicy.fatal(e));
            throw e;
        } finally {
            lifecycle.wake();
        }
    }

    /** Whoever ends this thread says so before; but its own code, such as a listener, may interrupt it too. */
    private void interrupted(InterruptedException e) {
        if (isToldToStop() || stop.isSet()) {
            LOG.warn("Pipeline {} was interrupted; what was not committed comes again", lane.name());
        } else {
            lane.health()
                    .fail(new PhilotesException(
                                    ErrorCode.INTERRUPTED,
                                    "Cannot go on: a consumer or a listener left the sink's thread interrupted",
                                    e)
                            .hinting("let it throw instead, and start the pipeline again"));
        }
    }

    private void followOrRecover() throws InterruptedException {
        try {
            follow();
        } catch (RuntimeException e) {
            PhilotesException failure = FailurePolicy.classify(e);
            if (isToldToStop() || isCutShort(failure)) {
                LOG.info("Pipeline {} stops while: {}", lane.name(), e.getMessage());
                stop.set();
            } else {
                forgetInterrupt();
                recover(failure);
            }
        }
    }

    /** The session that interrupted it begins again, and this sink with it. */
    private boolean isCutShort(PhilotesException failure) {
        return stop.isSet() && failure.code() == ErrorCode.INTERRUPTED;
    }

    /** What fails may leave its thread interrupted besides; then the failure says what follows. */
    private void forgetInterrupt() {
        if (!isToldToStop() && !stop.isSet()) {
            Thread.interrupted();
        }
    }

    private void follow() throws InterruptedException {
        Lsn from = lane.place() != null ? lane.place() : new LaneStart(lane, source, run).begin();
        // The next try asks the sink again.
        lane.place(null);
        ApplyLoop loop = new ApplyLoop(lane, source, run, from, CopyContext.of(lane, run));
        try {
            lane.health().running();
            run.looks().want();
            applyUntilStopped(loop);
            if (isToldToStop() || lane.desk().wantsNewBeginning()) {
                loop.finish();
            }
        } catch (RuntimeException e) {
            forgetInterrupt();
            throw e;
        } finally {
            loop.close();
        }
    }

    private void applyUntilStopped(ApplyLoop loop) throws InterruptedException {
        long roundsBefore = lane.progress().rounds();
        while (goesOn() && !lane.desk().wantsNewBeginning()) {
            if (lifecycle.paused()) {
                lifecycle.await(lane.settings().commitInterval());
                continue;
            }
            loop.step();
            if (lane.progress().rounds() > roundsBefore || loop.hasCaughtUp()) {
                lane.backoff().reset();
                lane.health().recovered();
            }
        }
    }

    private void recover(PhilotesException failure) throws InterruptedException {
        switch (FailurePolicy.actionFor(failure)) {
            case TRY_AGAIN -> {
                Duration pause = lane.backoff().next(failure);
                LOG.warn("Pipeline {}: {}; begins again in {} ms", lane.name(), failure.getMessage(), pause.toMillis());
                lane.settings().metrics().retried("write", failure.code().code());
                lane.health().retrying(failure);
                stop.await(pause);
                if (goesOn()) {
                    lane.settings().metrics().restarted(failure.code().code());
                }
            }
            case STAND_BY -> {
                ofTheSession.compareAndSet(null, failure);
                stop.set();
            }
            case HOLD_TABLE -> {
                TableId table = failure.table().orElseThrow();
                lane.board().held(table, failure.getMessage() + " -- " + failure.hint());
                lane.health().fail(failure);
            }
            case FAIL -> lane.health().fail(failure);
        }
    }
}
