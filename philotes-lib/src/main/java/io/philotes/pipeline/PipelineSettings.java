// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.metrics.PipelineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How a pipeline runs, besides its parts. Immutable; made by the builder, which checks it.
 *
 * @param name the pipeline's name: names the slot, the publication and the threads
 * @param commitInterval how long changes may wait for a commit
 * @param commitMaxBytes uncommitted bytes at which a commit does not wait
 * @param heartbeatInterval how often an idle source is written to
 * @param schemaLookInterval how often the source's catalog is looked at for what the stream does not tell
 * @param copyParallelism ranges of a table copy read at the same time
 * @param resync whether a table is copied again by itself
 * @param retry how failures that may pass are tried again
 * @param walGuard how much WAL the slot may keep at the source
 * @param memoryBudgetBytes memory for the buffer, and for indexes that cannot go to disk
 * @param clock where time comes from
 * @param metrics where events are counted
 * @param listeners who hears of events
 */
public record PipelineSettings(
        String name,
        Duration commitInterval,
        long commitMaxBytes,
        Duration heartbeatInterval,
        Duration schemaLookInterval,
        int copyParallelism,
        ResyncPolicy resync,
        RetryPolicy retry,
        WalGuard walGuard,
        long memoryBudgetBytes,
        Clock clock,
        PipelineMetrics metrics,
        List<PipelineListener> listeners) {

    public PipelineSettings {
        listeners = List.copyOf(listeners);
    }

    /** With the default guard. */
    public PipelineSettings(
            String name,
            Duration commitInterval,
            long commitMaxBytes,
            Duration heartbeatInterval,
            Duration schemaLookInterval,
            int copyParallelism,
            ResyncPolicy resync,
            RetryPolicy retry,
            long memoryBudgetBytes,
            Clock clock,
            PipelineMetrics metrics,
            List<PipelineListener> listeners) {
        this(
                name,
                commitInterval,
                commitMaxBytes,
                heartbeatInterval,
                schemaLookInterval,
                copyParallelism,
                resync,
                retry,
                WalGuard.DEFAULT,
                memoryBudgetBytes,
                clock,
                metrics,
                listeners);
    }

    /** The same with other metrics. */
    public PipelineSettings with(PipelineMetrics other) {
        return new PipelineSettings(
                name,
                commitInterval,
                commitMaxBytes,
                heartbeatInterval,
                schemaLookInterval,
                copyParallelism,
                resync,
                retry,
                walGuard,
                memoryBudgetBytes,
                clock,
                other,
                listeners);
    }
}
