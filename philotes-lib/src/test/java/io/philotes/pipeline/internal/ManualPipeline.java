// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.source.AttachedSource;
import java.time.Duration;

/** A pipeline without threads: one step of one loop per call, and a crash between any two. */
final class ManualPipeline {

    private final PipelineParts parts;
    private final AttachedSource source;
    private final RunState run;
    private final StopFlag stop = new StopFlag();
    private CaptureLoop capture;
    private ApplyLoop apply;

    ManualPipeline(PipelineParts parts) {
        this.parts = parts;
        this.source = parts.source().attach(parts.settings().name());
        Listeners listeners = new Listeners(parts.settings().listeners());
        this.run = new RunState(
                new Lifecycle(parts.settings().name(), listeners),
                new Progress(),
                new TableBoard(parts.settings().name(), listeners),
                new CheckpointKeeper(
                        parts.settings().name(), parts.checkpoints().orElseThrow()),
                new Backoff(parts.settings().retry(), parts.settings().clock()),
                new SilentTables(),
                new CopyWishes());
        run.lifecycle().moveTo(io.philotes.pipeline.PipelineState.STARTING);
    }

    /** Begins a session; call again after a failure of {@link #applyOnce}. */
    void begin() throws InterruptedException {
        endSession();
        Lsn from = new SessionStart(parts, source, run).prepare();
        apply = new ApplyLoop(parts, run, from);
        capture = new CaptureLoop(parts, source, run);
    }

    private void endSession() {
        if (capture != null) {
            capture.closeStream();
            apply.close();
        }
    }

    /** False when the stream broke; the next call opens it again. */
    boolean captureOnce() throws InterruptedException {
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

    TableBoard board() {
        return run.board();
    }

    Progress progress() {
        return run.progress();
    }
}
