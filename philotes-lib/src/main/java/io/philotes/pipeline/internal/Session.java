// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One try at the whole: find out where every table is, load what is missing, stream. A failure of capture that may pass ends
 * the session, and the next one begins from what is committed; a failure of one sink lets that sink begin again by the same
 * means. Owned by the session's thread.
 */
final class Session {

    /** Capture looks at its stop flag several times a second. */
    private static final long CAPTURE_END_MILLIS = 10_000;

    /** An upper bound: whatever happens wakes the thread. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final PipelineParts parts;
    private final AttachedSource source;
    private final RunState run;
    private final Lifecycle lifecycle;
    private final AtomicReference<PhilotesException> failure = new AtomicReference<>();
    private final LaneThreads threads;

    Session(PipelineParts parts, AttachedSource source, RunState run) {
        this.parts = parts;
        this.source = source;
        this.run = run;
        this.lifecycle = run.lifecycle();
        this.threads = new LaneThreads(run, lane -> new LaneThread(lane, source, run, failure));
    }

    /** Runs until a stop is requested, and then commits what it can. */
    void run() throws InterruptedException {
        lifecycle.moveTo(PipelineState.STARTING);
        threads.removeLeaving();
        new SessionStart(parts, source, run).prepare();
        stream();
    }

    private void stream() throws InterruptedException {
        StopFlag stopCapture = new StopFlag();
        Thread capture =
                NamedThreads.named("philotes-" + parts.settings().name() + "-capture", () -> capture(stopCapture));
        try {
            capture.start();
            lifecycle.moveTo(PipelineState.RUNNING);
            run.looks().want();
            run.sessionFailures().end();
            lifecycle.trouble(null);
            lifecycle.holdIfPaused();
            watch();
            endCapture(stopCapture, capture);
            threads.awaitEnd();
        } catch (InterruptedException e) {
            threads.interrupt();
            throw e;
        } finally {
            try {
                threads.end();
            } finally {
                endCapture(stopCapture, capture);
                lifecycle.forgetCapture();
            }
        }
    }

    private void capture(StopFlag stop) {
        try {
            new CaptureLoop(parts, source, run).run(stop);
        } catch (InterruptedException e) {
            failure.set(new PhilotesException(ErrorCode.INTERRUPTED, "Cannot read on: interrupted", e));
        } catch (RuntimeException e) {
            failure.set(FailurePolicy.classify(e));
        } catch (Error e) {
            // A capture thread that dies unheard would leave a pipeline that looks idle.
            failure.set(FailurePolicy.fatal(e));
            throw e;
        } finally {
            lifecycle.wake();
        }
    }

    private void watch() throws InterruptedException {
        long roundsBefore = run.lanes().rounds();
        while (!lifecycle.stopRequested()) {
            if (failure.get() != null) {
                throw failure.get();
            }
            lifecycle.tellOfCapture();
            threads.removeLeaving();
            threads.startMissing();
            failWithTheLastSink();
            if (run.lanes().rounds() > roundsBefore) {
                run.backoff().reset();
            }
            lifecycle.await(POLL);
        }
    }

    /** As long as one sink is alive the pipeline is; the others keep their places. */
    private void failWithTheLastSink() {
        run.lanes().end().ifPresent(lifecycle::fail);
    }

    /** Two capture threads would append the same transactions twice, so nothing goes on before this one is dead. */
    private static void endCapture(StopFlag stop, Thread capture) throws InterruptedException {
        stop.set();
        capture.join(CAPTURE_END_MILLIS);
        if (capture.isAlive()) {
            capture.interrupt();
            capture.join(CAPTURE_END_MILLIS);
        }
        if (capture.isAlive()) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot end the session: the capture thread does not end");
        }
    }
}
