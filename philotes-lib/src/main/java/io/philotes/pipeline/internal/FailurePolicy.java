// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.pipeline.RowPolicy;

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
            // Of a row that is not set aside: it holds its table.
            case DEAD_LETTER, HOLD_TABLE -> failure.table().isPresent() ? Action.HOLD_TABLE : Action.FAIL;
            case STOP -> Action.FAIL;
        };
    }

    /** Throws the failure of a row when it is to stop the sink. */
    static void requireGoingOn(RowPolicy policy, PhilotesException ofRow) {
        if (policy == RowPolicy.STOP && ofRow.recovery() == Recovery.DEAD_LETTER) {
            throw ofRow;
        }
    }

    /** What a copy does that runs while other tables stream: what concerns its table alone puts that table aside. */
    static Action afterCopy(PhilotesException failure) {
        return switch (failure.recovery()) {
            case RETRY, RECONCILE, STANDBY -> Action.TRY_AGAIN;
            case DEAD_LETTER, HOLD_TABLE -> Action.HOLD_TABLE;
            case STOP -> afterCopy(failure.code());
        };
    }

    /** Whether what went wrong concerns one table alone, so that the others can go on. */
    static boolean concernsOneTable(ErrorCode code) {
        return switch (code.recovery()) {
            case RETRY, RECONCILE, STANDBY -> false;
            case DEAD_LETTER, HOLD_TABLE -> true;
            case STOP -> afterCopy(code) == Action.HOLD_TABLE;
        };
    }

    private static Action afterCopy(ErrorCode code) {
        return switch (code) {
            // The pipeline has the slot it lives by; the second one is needed for a while only.
            case NO_FREE_SLOT -> Action.TRY_AGAIN;
            case SOURCE_POISON,
                    TABLE_MISSING,
                    NO_SELECT_RIGHT,
                    NO_IDENTITY,
                    IDENTITY_NOTHING,
                    ROW_SECURITY,
                    UNLOGGED_TABLE,
                    ROW_FILTER,
                    PUBLICATION_MISSING,
                    PUBLICATION_INCOMPLETE,
                    MAPPED_TWICE,
                    INVALID_CONFIGURATION,
                    FOREIGN_OWNER,
                    ROW_TOO_LARGE -> Action.HOLD_TABLE;
            default -> Action.FAIL;
        };
    }

    /** Whether a copy waits for as long as it takes: nothing is wrong with its table, and the others go on. */
    static boolean mayLast(PhilotesException failure) {
        return failure.code() == ErrorCode.SLOT_CREATION_BLOCKED || failure.code() == ErrorCode.NO_FREE_SLOT;
    }

    /**
     * Where a table is put whose change was refused: HELD while a later start may take the change after all, and its changes
     * wait; not when what came before is what does not fit.
     */
    static TableState stateAfter(PhilotesException refused) {
        return refused.code() == ErrorCode.RESYNC_NEEDED ? TableState.NEEDS_RESYNC : TableState.HELD;
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
