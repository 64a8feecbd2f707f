// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.PhilotesException;
import java.time.Instant;
import java.util.Optional;

/**
 * A long order at one moment. Immutable.
 *
 * @param id counts from 1 in each process
 * @param ended empty while it is under way
 * @param result what came of it, where it is more than its end
 * @param failure why it did not come to its end
 */
record Operation(
        long id,
        OperationKind kind,
        String pipeline,
        Instant began,
        Optional<Instant> ended,
        Optional<Object> result,
        Optional<PhilotesException> failure) {

    static Operation begun(long id, OperationKind kind, String pipeline, Instant now) {
        return new Operation(id, kind, pipeline, now, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Operation ended(Instant now, Object value) {
        return new Operation(id, kind, pipeline, began, Optional.of(now), Optional.ofNullable(value), failure);
    }

    Operation failed(Instant now, PhilotesException why) {
        return new Operation(id, kind, pipeline, began, Optional.of(now), result, Optional.of(why));
    }

    boolean isOver() {
        return ended.isPresent();
    }

    /** RUNNING, DONE or FAILED. */
    String state() {
        return !isOver() ? "RUNNING" : failure.isPresent() ? "FAILED" : "DONE";
    }
}
