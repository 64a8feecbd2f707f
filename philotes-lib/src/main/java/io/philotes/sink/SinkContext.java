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
 */
public record SinkContext(String pipeline, String pipelineId, long epoch, Clock clock, PipelineMetrics metrics) {

    public SinkContext {
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(pipelineId, "pipelineId");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(metrics, "metrics");
    }
}
