// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkStatus;
import java.util.List;

/**
 * A pipeline and what it was told. Immutable.
 *
 * @param desiredState what the last order wants: RUNNING, PAUSED or STOPPED
 * @param failure what failed, or is tried again; null for nothing
 * @param operation where to ask how far the order is; null when it was done at once, or nothing was ordered
 */
public record PipelineJson(
        String pipeline,
        String state,
        String desiredState,
        boolean stalled,
        StatusJson.Failure failure,
        List<String> sinks,
        int tables,
        String operation) {

    static PipelineJson of(PipelineStatus status, PipelineState desired, Operation operation) {
        return new PipelineJson(
                status.pipeline(),
                status.state().name(),
                desired.name(),
                status.stalled(),
                status.failure().map(StatusJson.Failure::of).orElse(null),
                status.sinks().stream().map(SinkStatus::name).toList(),
                status.tables().size(),
                operation == null ? null : OperationRoutes.BASE + "/" + operation.id());
    }
}
