// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import java.time.Duration;

/** A pipeline without threads: one step of one loop per call, and a crash between any two. */
final class ManualPipeline {

    /** More than any batch of these tests costs: capture, which cannot wait here, leaves so much room. */
    private static final long ROOM = 2_000;

    private final PipelineParts parts;
    private final AttachedSource source;
    private final RunState run;
    private final StopFlag stop = new StopFlag();
    private final ManualThreads helpers = new ManualThreads();
    private CaptureLoop capture;
    private ApplyLoop apply;

    ManualPipeline(PipelineParts parts) {
        this.parts = parts;
        this.source = parts.source().attach(parts.settings().name());
        this.run = RunState.of(parts.settings(), parts.checkpoints().orElseThrow());
        run.lifecycle().moveTo(PipelineState.STARTING);
    }

    /** Begins a session; call again after a failure of {@link #applyOnce}. */
    void begin() throws InterruptedException {
        endSession();
        Lsn from = new SessionStart(parts, source, run).prepare();
        apply = new ApplyLoop(parts, source, run, from, CopyContext.of(parts.settings(), run, helpers));
        capture = new CaptureLoop(parts, source, run);
    }

    private void endSession() throws InterruptedException {
        if (capture != null) {
            capture.closeStream();
            apply.close();
        }
    }

    /** False when the stream broke; the next call opens it again. */
    boolean captureOnce() throws InterruptedException {
        if (parts.buffer().heldBytes() > parts.buffer().limitBytes() - ROOM) {
            return true;
        }
        try {
            capture.step(stop, Duration.ZERO);
            return true;
        } catch (PhilotesException e) {
            capture.closeStream();
            return false;
        }
    }

    /** False when the session must begin again. */
    boolean applyOnce() throws InterruptedException {
        try {
            apply.step(Duration.ZERO);
            return true;
        } catch (PhilotesException e) {
            return false;
        }
    }

    /** One piece of what a table copy's helper threads do; false when there is nothing. */
    boolean helpOnce() {
        return helpers.runOne();
    }

    /** What the housekeeper does now and then. */
    void lookOnce() {
        new Housekeeper(parts.settings(), source, run).look();
    }

    void resync(TableId table) {
        run.wishes().add(table, "asked for");
    }

    /** Whether every table is in the stream and has everything up to {@code upTo}. */
    boolean hasReached(Lsn upTo) {
        return !run.progress().covered().isBefore(upTo)
                && run.wishes().isEmpty()
                && run.board().allReached(upTo);
    }

    TableBoard board() {
        return run.board();
    }

    Progress progress() {
        return run.progress();
    }
}
