// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.error.ErrorCode;

/** What the process ends with: the numbers of sysexits(3). */
final class ExitCode {

    static final int OK = 0;
    /** The answer is no: a check found errors, a demo found differences, a pipeline needs a person. */
    static final int NEGATIVE = 1;

    static final int USAGE = 64;
    /** Rows were set aside, and whoever asked does not want that. */
    static final int BAD_DATA = 65;

    static final int UNREACHABLE = 69;
    static final int SOFTWARE = 70;
    static final int TEMPORARY = 75;
    static final int NO_PERMISSION = 77;
    static final int CONFIGURATION = 78;

    private ExitCode() {}

    /** What a failure with this code means for whoever started the process. */
    static int of(ErrorCode code) {
        return switch (code) {
            case SOURCE_UNREACHABLE, STATE_UNREACHABLE, CATALOG_UNREACHABLE, STORAGE_FAILED -> UNREACHABLE;
            case SLOT_IN_USE, SLOT_CREATION_BLOCKED, BUFFER_IN_USE -> TEMPORARY;
            case SOURCE_AUTHENTICATION,
                    NO_REPLICATION_RIGHT,
                    NO_SELECT_RIGHT,
                    ROW_SECURITY,
                    STATE_REFUSED,
                    WAREHOUSE_READ_ONLY -> NO_PERMISSION;
            case WAL_LEVEL_NOT_LOGICAL,
                    PUBLICATION_MISSING,
                    PUBLICATION_INCOMPLETE,
                    TABLE_MISSING,
                    NO_FREE_SLOT,
                    UNSUPPORTED_SOURCE,
                    NO_IDENTITY,
                    IDENTITY_NOTHING,
                    UNLOGGED_TABLE,
                    COLUMN_RULE,
                    ROW_FILTER,
                    FEEDBACK_LOOP,
                    STATE_NOT_PREPARED,
                    INVALID_CONFIGURATION,
                    MAPPED_TWICE,
                    OVER_BUDGET -> CONFIGURATION;
            case DEFECT -> SOFTWARE;
            default -> NEGATIVE;
        };
    }
}
