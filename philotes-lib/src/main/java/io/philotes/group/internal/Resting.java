// SPDX-License-Identifier: Apache-2.0
package io.philotes.group.internal;

import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;

/** What is told of a pipeline that a person stopped: it rests, also when it had failed before. */
final class Resting {

    private Resting() {}

    /** The same, but STOPPED instead of FAILED; the failure stays to be seen. */
    static PipelineStatus status(PipelineStatus now) {
        if (now.state() != PipelineState.FAILED) {
            return now;
        }
        return new PipelineStatus(
                now.pipeline(),
                PipelineState.STOPPED,
                now.failure(),
                now.positions(),
                now.lagBytes(),
                now.lagTime(),
                now.bufferBytes(),
                now.bufferLimitBytes(),
                now.changesReceived(),
                now.commits(),
                now.lastCommit(),
                now.stalled(),
                now.schemaTracking(),
                now.source(),
                now.retries(),
                now.sinks());
    }
}
