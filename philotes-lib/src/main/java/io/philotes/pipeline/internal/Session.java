// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One try at the whole: find out where every table is, load what is missing, stream. Any failure that may pass ends the
 * session, and the next one begins from what is committed: there is no second way to recover. Owned by the apply thread.
 */
final class Session {

    /** Capture looks at its stop flag several times a second. */
    private static final long CAPTURE_END_MILLIS = 10_000;

    private final PipelineParts parts;
    private final AttachedSource source;
    private final RunState run;
    private final Lifecycle lifecycle;

    Session(PipelineParts parts, AttachedSource source, RunState run) {
        this.parts = parts;
        this.source = source;
        this.run = run;
        this.lifecycle = run.lifecycle();
    }

    /** Runs until a stop is requested, and then commits what it can. */
    void run() throws InterruptedException {
        lifecycle.moveTo(PipelineState.STARTING);
        stream(new SessionStart(parts, source, run).prepare());
    }

    private void stream(Lsn from) throws InterruptedException {
        StopFlag stopCapture = new StopFlag();
        AtomicReference<PhilotesException> captureFailure = new AtomicReference<>();
        Thread capture = NamedThreads.named(
                "philotes-" + parts.settings().name() + "-capture", () -> capture(stopCapture, captureFailure));
        ApplyLoop apply = new ApplyLoop(parts, source, run, from, CopyContext.of(parts.settings(), run));
        try {
            capture.start();
            lifecycle.moveTo(PipelineState.RUNNING);
            run.looks().want();
            lifecycle.trouble(null);
            lifecycle.holdIfPaused();
            applyUntilStopped(apply, captureFailure);
            endCapture(stopCapture, capture);
            apply.finish();
        } finally {
            try {
                apply.close();
            } finally {
                endCapture(stopCapture, capture);
            }
        }
    }

    private void capture(StopFlag stop, AtomicReference<PhilotesException> failure) {
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
        }
    }

    private void applyUntilStopped(ApplyLoop apply, AtomicReference<PhilotesException> captureFailure)
            throws InterruptedException {
        long commitsBefore = run.progress().commits();
        while (!lifecycle.stopRequested()) {
            if (captureFailure.get() != null) {
                throw captureFailure.get();
            }
            if (lifecycle.paused()) {
                lifecycle.await(parts.settings().commitInterval());
                continue;
            }
            apply.step();
            if (run.progress().commits() > commitsBefore) {
                run.backoff().reset();
            }
        }
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
