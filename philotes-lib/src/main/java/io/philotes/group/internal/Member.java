// SPDX-License-Identifier: Apache-2.0
package io.philotes.group.internal;

import io.philotes.PipelineBuilder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pipeline among others: started, stopped and started again, whatever becomes of the others. Thread-safe. */
public final class Member {

    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LAST_DELAY = Duration.ofMinutes(1);
    /** Between two looks at one that takes long to end. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final String name;
    private final Supplier<Pipeline> starter;
    private volatile Pipeline pipeline;
    /** The one that was told to stop last, which may take longer for it than it was given. Written under this. */
    private volatile Pipeline stopped;

    private volatile PhilotesException failure;
    /** A start is under way. Written under this. */
    private volatile boolean starting;
    /** Guarded by this: a person stopped it, and may start it again. */
    private boolean atRest;
    /** Guarded by this. */
    private boolean closed;

    /** @param builder gives the pipeline's builder, anew for each start; may be asked from another thread */
    public Member(String name, Supplier<PipelineBuilder> builder) {
        this(() -> builder.get().start(), name);
    }

    /** @param starter starts the pipeline, a new one each time */
    Member(Supplier<Pipeline> starter, String name) {
        this.name = name;
        this.starter = starter;
    }

    public String name() {
        return name;
    }

    /**
     * Starts in a thread of its own, unless it runs or starts already; a stop that was asked for before counts no more, and
     * whatever is not at its end by it yet is waited for. What may pass is tried again for so long.
     */
    public void begin(Duration patience) {
        if (prepare()) {
            beginAside(patience);
        }
    }

    private void beginAside(Duration patience) {
        new Thread(() -> startAside(patience), "philotes-" + name + "-start").start();
    }

    private void startAside(Duration patience) {
        start(patience);
        PhilotesException why = failure;
        if (why != null) {
            LOG.error("Pipeline {} cannot start: {} (hint: {})", name, why.getMessage(), why.hint(), why);
        }
    }

    /** The same in the calling thread, trying once; but the caller does not wait for one that is not at its end yet. */
    public void startHere() {
        if (!prepare()) {
            return;
        }
        if (isLeaving()) {
            beginAside(Duration.ZERO);
        } else {
            start(Duration.ZERO);
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Whether the caller is the one who starts it. */
    private synchronized boolean prepare() {
        if (closed) {
            return false;
        }
        atRest = false;
        notifyAll();
        if (starting || isRunning() && pipeline != stopped) {
            return false;
        }
        starting = true;
        failure = null;
        pipeline = null;
        return true;
    }

    private boolean isRunning() {
        Pipeline present = pipeline;
        return present != null && !present.status().state().isFinal();
    }

    /** Whether one that was told to stop is not at its end yet. */
    private boolean isLeaving() {
        Pipeline earlier = stopped;
        return earlier != null && !earlier.status().state().isFinal();
    }

    /** Two of one name would meet at the slot, and whoever asked for this start wants one that runs. */
    private void awaitLeaving() {
        if (isLeaving()) {
            LOG.warn("Pipeline {} starts when it has come to its end, which takes longer than it was given", name);
        }
        while (isLeaving() && isWanted()) {
            hold(LOOK);
        }
    }

    /** Holds no lock while it waits for others: whoever stops it has a time limit. */
    private void start(Duration patience) {
        try {
            awaitLeaving();
            startUntil(System.nanoTime() + patience.toNanos());
            if (pipeline != null && !isWanted()) {
                leave().stop(Pipeline.DEFAULT_STOP_TIMEOUT);
            }
        } finally {
            synchronized (this) {
                starting = false;
                stopped = isWanted() ? null : stopped;
                notifyAll();
            }
        }
    }

    private void startUntil(long end) {
        Duration delay = FIRST_DELAY;
        while (isWanted() && !startOnce()) {
            boolean mayPass = failure.recovery() == Recovery.RETRY && System.nanoTime() - end < 0;
            if (!mayPass) {
                return;
            }
            LOG.warn("Pipeline {} cannot start, and tries again in {}: {}", name, delay, failure.getMessage());
            hold(delay);
            delay = delay.multipliedBy(2).compareTo(LAST_DELAY) < 0 ? delay.multipliedBy(2) : LAST_DELAY;
        }
    }

    private synchronized boolean isWanted() {
        return !closed && !atRest;
    }

    private boolean startOnce() {
        try {
            pipeline = starter.get();
            failure = null;
            return true;
        } catch (PhilotesException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new PhilotesException(ErrorCode.DEFECT, "Cannot start the pipeline " + name + ": " + e, e);
        }
        return false;
    }

    /** Until then, or until it is closed, stopped or wanted again. */
    private synchronized void hold(Duration delay) {
        try {
            if (isWanted()) {
                wait(delay.toMillis());
            }
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #stop(Duration)} with {@link Pipeline#DEFAULT_STOP_TIMEOUT}. */
    public void stop() {
        stop(Pipeline.DEFAULT_STOP_TIMEOUT);
    }

    /** Stops it in order; it may be started again. Waits for a start that is under way, within the same time. */
    public void stop(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (this) {
            atRest = true;
            notifyAll();
            awaitStarted(end);
        }
        Pipeline present = leave();
        if (present != null) {
            present.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    /** The present one, of which it is known from here on that it was told to stop. */
    private synchronized Pipeline leave() {
        stopped = pipeline == null ? stopped : pipeline;
        return pipeline;
    }

    private void awaitStarted(long end) {
        try {
            for (long left = end - System.nanoTime(); starting && left > 0; left = end - System.nanoTime()) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it for good. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        stop();
    }

    /** Waits until it is at its end, and nobody may start it again. */
    public void awaitEnded() throws InterruptedException {
        awaitStarted();
        Pipeline present = pipeline;
        if (present != null) {
            present.awaitStopped();
        }
        synchronized (this) {
            while (atRest && !closed) {
                wait();
            }
        }
    }

    /** Waits until a start that is under way has come to its end, well or not. */
    public synchronized void awaitStarted() throws InterruptedException {
        while (starting && !closed) {
            wait();
        }
    }

    public synchronized boolean hasEnded() {
        return closed || !starting && !atRest && !isRunning();
    }

    /** The pipeline, which may be at its end. */
    public Pipeline pipeline() {
        return started().orElseThrow(() -> {
            String why = failure == null ? "it has not started yet" : failure.getMessage();
            return new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot ask the pipeline " + name + ": " + why);
        });
    }

    public Optional<Pipeline> started() {
        return Optional.ofNullable(pipeline);
    }

    /** Why it could not start, or ended; empty for what is only tried again. */
    public Optional<PhilotesException> failure() {
        PipelineStatus status = status();
        return status.state() == PipelineState.FAILED ? status.failure() : Optional.empty();
    }

    /**
     * The pipeline's own; of one that has not started, whether it tries to, and why it could not. One that failed and was then
     * stopped is STOPPED, and its failure stays.
     */
    public PipelineStatus status() {
        Pipeline present = pipeline;
        PhilotesException why = failure;
        if (present != null) {
            return rests() ? Resting.status(present.status()) : present.status();
        }
        return Unstarted.status(name, unstarted(why), why);
    }

    private synchronized PipelineState unstarted(PhilotesException why) {
        if (starting) {
            return PipelineState.STARTING;
        }
        if (rests()) {
            return PipelineState.STOPPED;
        }
        return why == null ? PipelineState.CREATED : PipelineState.FAILED;
    }

    /** Until the end of all, when it counts again why it failed. */
    private synchronized boolean rests() {
        return atRest && !closed;
    }
}
