// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import java.time.Instant;
import java.util.Locale;

/** An operation as JSON shows it. Immutable. */
record OperationJson(
        long id,
        String kind,
        String pipeline,
        String state,
        String startedAt,
        String endedAt,
        StatusJson.Failure failure) {

    static OperationJson of(Operation operation) {
        return new OperationJson(
                operation.id(),
                operation.kind().name().toLowerCase(Locale.ROOT),
                operation.pipeline(),
                operation.state(),
                operation.began().toString(),
                operation.ended().map(Instant::toString).orElse(null),
                operation.failure().map(StatusJson.Failure::of).orElse(null));
    }
}
