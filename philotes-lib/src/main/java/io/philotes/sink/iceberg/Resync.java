// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;

/** The failure of a table whose changes are of no use any more, however long they are kept. Stateless. */
final class Resync {

    private Resync() {}

    /** {@code why} completes "Cannot follow the table:". */
    static PhilotesException needed(TargetTable target, String why) {
        return new PhilotesException(ErrorCode.RESYNC_NEEDED, "Cannot follow the table: " + why)
                .inTable(target.source())
                .hinting(command(target));
    }

    /** The same for a failure that says why itself. */
    static PhilotesException needed(TargetTable target, PhilotesException cause) {
        return new PhilotesException(ErrorCode.RESYNC_NEEDED, cause.reason(), cause)
                .inTable(target.source())
                .hinting(command(target));
    }

    /** What an operator types. */
    static String command(TargetTable target) {
        return "bin/philotes resync " + target.context().pipeline() + " " + target.source();
    }
}
