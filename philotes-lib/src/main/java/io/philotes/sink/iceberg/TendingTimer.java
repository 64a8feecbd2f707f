// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.metrics.PipelineMetrics.CommitOutcome;
import io.philotes.metrics.PipelineMetrics.Upkeep;
import io.philotes.model.TableId;
import io.philotes.sink.SinkContext;
import java.time.Duration;

/** Tells how long something took that was done to a table beside its changes. Begins when it is made; for one thread. */
final class TendingTimer {

    private final SinkContext context;
    private final TableId table;
    private final Upkeep what;
    private final long began = System.nanoTime();

    TendingTimer(SinkContext context, TableId table, Upkeep what) {
        this.context = context;
        this.table = table;
        this.what = what;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    void ended(CommitOutcome outcome) {
        context.metrics().tended(table, what, elapsed(), outcome);
    }
}
