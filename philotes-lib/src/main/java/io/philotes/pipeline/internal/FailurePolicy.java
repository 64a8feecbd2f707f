// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;

/** The one place that decides what follows a failure of a loop. Stateless. */
final class FailurePolicy {

    /** What the session does. */
    enum Action {
        /** Begin again from what is committed, after a pause. */
        TRY_AGAIN,
        /** Let the other instance work, and wait. */
        STAND_BY,
        /** Put this table aside and begin again with the others. */
        HOLD_TABLE,
        /** Come to an end. */
        FAIL
    }

    private FailurePolicy() {}

    static Action actionFor(PhilotesException failure) {
        return switch (failure.recovery()) {
            case RETRY, RECONCILE -> Action.TRY_AGAIN;
            case STANDBY -> Action.STAND_BY;
            // Without a dead-letter queue a row that cannot be written holds its table.
            case DEAD_LETTER, HOLD_TABLE -> failure.table().isPresent() ? Action.HOLD_TABLE : Action.FAIL;
            case STOP -> Action.FAIL;
        };
    }

    /** Any exception as one of the catalogue; what nobody foresaw is a defect, and a defect stops. */
    static PhilotesException classify(RuntimeException e) {
        if (e instanceof PhilotesException known) {
            return known;
        }
        return new PhilotesException(ErrorCode.DEFECT, "Cannot go on: " + e, e);
    }

    /** An error of the JVM, such as memory running out: the end. */
    static PhilotesException fatal(Error e) {
        return new PhilotesException(ErrorCode.DEFECT, "Cannot go on: " + e, e);
    }
}
