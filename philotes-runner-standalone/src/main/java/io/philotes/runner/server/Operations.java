// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Long orders, each on a thread of its own; the newest results are kept. Thread-safe; every field is guarded by {@code this}.
 */
final class Operations {

    private static final int MAX_KEPT = 64;

    private final Clock clock;
    private final Map<Long, Operation> all = new LinkedHashMap<>();
    private long last;

    Operations(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins one.
     *
     * @param work gives the result, or null
     */
    synchronized Operation begin(OperationKind kind, String pipeline, Callable<?> work) {
        Operation begun = Operation.begun(++last, kind, pipeline, clock.instant());
        all.put(begun.id(), begun);
        while (all.size() > MAX_KEPT && forgetOldest()) {
            // One less.
        }
        Thread thread = new Thread(() -> run(begun, work), "philotes-" + pipeline + "-" + begun.kind());
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    private boolean forgetOldest() {
        Optional<Operation> oldest =
                all.values().stream().filter(Operation::isOver).findFirst();
        oldest.ifPresent(operation -> all.remove(operation.id()));
        return oldest.isPresent();
    }

    private void run(Operation begun, Callable<?> work) {
        try {
            Object result = work.call();
            replace(begun.ended(clock.instant(), result));
        } catch (PhilotesException e) {
            replace(begun.failed(clock.instant(), e));
        } catch (Exception e) {
            replace(begun.failed(clock.instant(), defect(begun, e)));
        } catch (Error e) {
            replace(begun.failed(clock.instant(), defect(begun, e)));
            throw e;
        }
    }

    private static PhilotesException defect(Operation operation, Throwable cause) {
        ErrorCode code = cause instanceof InterruptedException ? ErrorCode.INTERRUPTED : ErrorCode.DEFECT;
        return new PhilotesException(
                code, "Cannot end the " + operation.kind() + " of " + operation.pipeline() + ": " + cause, cause);
    }

    private synchronized void replace(Operation operation) {
        all.replace(operation.id(), operation);
    }

    synchronized Optional<Operation> find(long id) {
        return Optional.ofNullable(all.get(id));
    }

    /** Those that are kept, oldest first. */
    synchronized List<Operation> list() {
        return List.copyOf(all.values());
    }
}
