// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;

/**
 * When the parts of a transaction are handed out before its last one has come. It is committed at the source, so only a connection
 * that breaks takes them back. Stateless.
 */
public final class PartsAhead {

    /**
     * From this size on. A reader commits what it has before it goes ahead, and begins anew when parts are taken back: a
     * transaction must be worth that. Of one of two million narrow rows nine tenths are read while they come.
     */
    public static final long BYTES = 8 << 20;

    private PartsAhead() {}

    /** What a reader is told whose transaction was taken back. */
    public static PhilotesException withdrawn(String reader, Lsn after) {
        return new PhilotesException(
                        ErrorCode.SOURCE_UNREACHABLE,
                        "Cannot go on for '" + reader
                                + "': the stream broke inside of a large transaction, which comes again from its beginning")
                .at(after)
                .hinting("nothing to do, unless it happens again and again: then check the network to the source");
    }
}
