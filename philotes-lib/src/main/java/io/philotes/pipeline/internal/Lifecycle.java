// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipeline's state, its wish to stop or pause, and whoever waits for a change of them. Thread-safe; every field is atomic, or
 * guarded by {@code this} and read without it.
 */
final class Lifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final String pipeline;
    private final Listeners listeners;
    private volatile PipelineState state = PipelineState.CREATED;
    private volatile PhilotesException failure;
    private final AtomicReference<PhilotesException> untold = new AtomicReference<>();
    private volatile boolean stopRequested;
    private volatile boolean paused;

    Lifecycle(String pipeline, Listeners listeners) {
        this.pipeline = pipeline;
        this.listeners = listeners;
    }

    PipelineState state() {
        return state;
    }

    Optional<PhilotesException> failure() {
        return Optional.ofNullable(failure);
    }

    boolean stopRequested() {
        return stopRequested;
    }

    boolean paused() {
        return paused;
    }

    /** Moves on; a move to the same state is none. Once a stop was requested only the moves towards the end happen. */
    void moveTo(PipelineState next) {
        PipelineState from;
        boolean moved;
        synchronized (this) {
            from = state;
            moved = enter(next);
        }
        if (moved) {
            tell(from, next);
        }
    }

    /** Whether that is a move. The caller holds the lock, and tells of it without. */
    private boolean enter(PipelineState next) {
        boolean onTheWayOut = stopRequested && next != PipelineState.STOPPING && !next.isFinal();
        if (state == next || state.isFinal() || onTheWayOut) {
            return false;
        }
        if (!state.mayMoveTo(next)) {
            throw new IllegalStateException("a pipeline may not move from " + state + " to " + next);
        }
        state = next;
        notifyAll();
        return true;
    }

    private void tell(PipelineState from, PipelineState next) {
        LOG.info("Pipeline {}: {} -> {}", pipeline, from, next);
        listeners.tell(l -> l.stateChanged(pipeline, from, next));
    }

    /** Remembers what is being tried again after, for the status; null when it passed. */
    void trouble(PhilotesException passing) {
        synchronized (this) {
            if (state.isFinal()) {
                return; // Why it ended is not forgotten for what a session says that began before.
            }
            failure = passing;
        }
        if (passing != null) {
            retrying(passing);
        }
    }

    private void retrying(PhilotesException passing) {
        listeners.tell(l -> l.retrying(pipeline, passing));
    }

    /** Capture tries something again, which does not end the session; whoever waits tells listeners of it, as capture must not. */
    void captureRetries(PhilotesException passing) {
        untold.set(passing);
        wake();
    }

    /** Tells of what {@link #captureRetries} said last, if nobody has. */
    void tellOfCapture() {
        PhilotesException passing = untold.getAndSet(null);
        if (passing != null) {
            retrying(passing);
        }
    }

    /** What capture has not told yet is over with its session, which tells what ended it. */
    void forgetCapture() {
        untold.set(null);
    }

    void fail(PhilotesException cause) {
        if (state.isFinal()) {
            return;
        }
        // Before whoever waits for the end hears of it, and maybe ends the process.
        LOG.error("Pipeline {} failed: {} -- {}", pipeline, cause.getMessage(), cause.hint(), cause);
        PipelineState from;
        synchronized (this) {
            if (state.isFinal()) {
                return;
            }
            from = state;
            failure = cause;
            stopRequested = true;
            enter(PipelineState.FAILED);
        }
        tell(from, PipelineState.FAILED);
        listeners.tell(l -> l.failed(pipeline, cause));
    }

    /** Something happened that whoever waits should look at. */
    synchronized void wake() {
        notifyAll();
    }

    synchronized void requestStop() {
        stopRequested = true;
        notifyAll();
    }

    void pause() {
        synchronized (this) {
            if (state != PipelineState.RUNNING) {
                return;
            }
            paused = true;
        }
        holdIfPaused();
    }

    /** A session that began while paused holds still too. */
    void holdIfPaused() {
        boolean moved;
        synchronized (this) {
            moved = paused && state == PipelineState.RUNNING && enter(PipelineState.PAUSED);
        }
        if (moved) {
            tell(PipelineState.RUNNING, PipelineState.PAUSED);
        }
    }

    /** Goes on; when the session that was paused has ended meanwhile, the next one does not hold still. */
    void resume() {
        boolean moved;
        synchronized (this) {
            if (!paused) {
                return;
            }
            paused = false;
            notifyAll();
            moved = state == PipelineState.PAUSED && enter(PipelineState.RUNNING);
        }
        if (moved) {
            tell(PipelineState.PAUSED, PipelineState.RUNNING);
        }
    }

    /** Waits, at most so long, until a stop is requested, or a pause ends, or the state changes. */
    synchronized void await(Duration timeout) throws InterruptedException {
        if (!stopRequested && !timeout.isZero()) {
            wait(Math.max(1, timeout.toMillis()));
        }
    }

    synchronized void awaitFinal() throws InterruptedException {
        while (!state.isFinal()) {
            wait();
        }
    }
}
