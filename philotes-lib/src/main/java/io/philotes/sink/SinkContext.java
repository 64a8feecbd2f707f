// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.metrics.PipelineMetrics;
import java.time.Clock;
import java.util.Objects;

/**
 * What a sink knows of its pipeline. Immutable.
 *
 * @param pipeline the pipeline's name
 * @param pipelineId its random, stable identity: the owner that targets carry
 * @param epoch rises with every start; a sink that sees a higher one in a target must not write
 * @param clock where time comes from
 * @param metrics where events are told
 * @param maxParkedRows how many rows of one table may be set aside at most; 0 when none may: a row that can never be written
 *     then rejects its table. The stream's are counted by the engine, a table copy's by the sink
 */
public record SinkContext(
        String pipeline, String pipelineId, long epoch, Clock clock, PipelineMetrics metrics, int maxParkedRows) {

    /** Without rows set aside. */
    public SinkContext(String pipeline, String pipelineId, long epoch, Clock clock, PipelineMetrics metrics) {
        this(pipeline, pipelineId, epoch, clock, metrics, 0);
    }

    public SinkContext {
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(pipelineId, "pipelineId");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(metrics, "metrics");
        if (maxParkedRows < 0) {
            throw new IllegalArgumentException("maxParkedRows is negative");
        }
    }

    /** Whether a row that can never be written is set aside alone, where the sink can do so. */
    public boolean parksRows() {
        return maxParkedRows > 0;
    }
}
