// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Start, stop, restart, pause and resume. Each may be given again: what is so already is left so. Thread-safe; orders come
 * one after another, and what they begin goes on beside them.
 */
final class Orders {

    private final RunningPipelines pipelines;
    private final Operations operations;
    private final Map<String, PipelineState> desired = new ConcurrentHashMap<>();

    Orders(RunningPipelines pipelines, Operations operations) {
        this.pipelines = pipelines;
        this.operations = operations;
    }

    /** What the last order wants it to be: RUNNING, PAUSED or STOPPED. */
    PipelineState desired(String pipeline) {
        return desired.getOrDefault(pipeline, PipelineState.RUNNING);
    }

    synchronized Optional<Operation> start(PipelineStatus status) {
        String name = status.pipeline();
        Optional<Operation> same = underWay(name, OperationKind.START);
        if (same.isPresent()) {
            return same;
        }
        // It may take longer for its stop than it was given, and starts behind its end then.
        boolean isLeaving = desired(name) == PipelineState.STOPPED;
        desired.put(name, PipelineState.RUNNING);
        if (status.state().isFinal() || isLeaving) {
            return begin(OperationKind.START, name, () -> started(name));
        }
        // Also when it is not PAUSED now: it may be between two sessions, and would hold still in the next.
        pipelines.resume(name);
        return Optional.empty();
    }

    synchronized Optional<Operation> stop(PipelineStatus status) {
        String name = status.pipeline();
        Optional<Operation> same = underWay(name, OperationKind.STOP);
        if (same.isPresent()) {
            return same;
        }
        desired.put(name, PipelineState.STOPPED);
        return status.state() == PipelineState.STOPPED
                ? Optional.empty()
                : begin(OperationKind.STOP, name, () -> stopped(name));
    }

    synchronized Optional<Operation> restart(PipelineStatus status) {
        String name = status.pipeline();
        Optional<Operation> same = underWay(name, OperationKind.RESTART);
        if (same.isPresent()) {
            return same;
        }
        desired.put(name, PipelineState.RUNNING);
        return begin(OperationKind.RESTART, name, () -> {
            pipelines.stop(name);
            return started(name);
        });
    }

    synchronized void pause(PipelineStatus status) {
        underWay(status.pipeline(), null);
        if (status.state() != PipelineState.RUNNING && status.state() != PipelineState.PAUSED) {
            throw Refusal.of(
                    409,
                    "cannot pause " + status.pipeline() + ": it is " + status.state() + ", and not RUNNING",
                    status.state().isFinal() ? "it holds still already" : "wait until it is RUNNING, or stop it");
        }
        desired.put(status.pipeline(), PipelineState.PAUSED);
        pipelines.pause(status.pipeline());
    }

    synchronized void resume(PipelineStatus status) {
        underWay(status.pipeline(), null);
        if (status.state().isFinal()) {
            throw Refusal.of(
                    409, "cannot resume " + status.pipeline() + ": it is " + status.state(), "start it instead");
        }
        desired.put(status.pipeline(), PipelineState.RUNNING);
        pipelines.resume(status.pipeline());
    }

    /** The order that is under way, when it is of this kind; another one refuses. */
    private Optional<Operation> underWay(String pipeline, OperationKind kind) {
        Optional<Operation> found = operations.list().stream()
                .filter(operation -> !operation.isOver()
                        && operation.kind() != OperationKind.VERIFY
                        && operation.pipeline().equals(pipeline))
                .findFirst();
        found.filter(other -> other.kind() != kind).ifPresent(other -> {
            throw Refusal.of(
                    409,
                    "another order is under way: " + other.kind(),
                    "wait for " + OperationRoutes.BASE + "/" + other.id());
        });
        return found;
    }

    private Optional<Operation> begin(OperationKind kind, String pipeline, Callable<?> work) {
        return Optional.of(operations.begin(kind, pipeline, work));
    }

    private Object started(String pipeline) {
        pipelines.start(pipeline);
        return null;
    }

    private Object stopped(String pipeline) {
        pipelines.stop(pipeline);
        return null;
    }
}
