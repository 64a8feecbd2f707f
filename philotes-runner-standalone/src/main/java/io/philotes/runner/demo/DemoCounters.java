// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts over all runs of the demo's pipeline. Thread-safe. */
final class DemoCounters implements PipelineListener, PipelineMetrics {

    private final LagSamples lag;
    private final LongAdder changes = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder retries = new LongAdder();

    DemoCounters(LagSamples lag) {
        this.lag = lag;
    }

    @Override
    public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
        if (to == PipelineState.RUNNING) {
            lag.begin();
        }
    }

    @Override
    public void committed(String pipeline, Lsn upTo, long rows) {
        lag.lakeCommitted(upTo);
        commits.increment();
    }

    @Override
    public void retrying(String pipeline, PhilotesException failure) {
        retries.increment();
    }

    @Override
    public void received(ChangeBatch batch, Duration behind) {
        changes.add(batch.changeCount());
    }

    long changes() {
        return changes.sum();
    }

    long commits() {
        return commits.sum();
    }

    long retries() {
        return retries.sum();
    }
}
