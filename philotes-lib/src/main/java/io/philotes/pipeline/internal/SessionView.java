// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Set;

/** A run as a verification sees it. Thread-safe. */
record SessionView(RunState run) implements VerifiedPipeline {

    @Override
    public Set<TableId> tables() {
        return run.board().tables();
    }

    @Override
    public TableProgress progress(TableId table) {
        return run.board().progress(table);
    }

    @Override
    public void wantCommit(Lsn upTo) {
        run.progress().wantCommit(upTo);
    }

    @Override
    public void rest(Duration pause) throws InterruptedException {
        if (run.lifecycle().stopRequested() || run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot verify: the pipeline stops");
        }
        run.lifecycle().await(pause);
    }
}
