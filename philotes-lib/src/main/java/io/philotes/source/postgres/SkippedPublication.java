// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;

/**
 * Hears the server say that it leaves out changes because there was no publication when they were made. Since PostgreSQL 18
 * that is a warning, and what follows is sent as if nothing were missing; earlier releases end the stream. The warning comes
 * before anything that lies behind those changes. Confined to one thread.
 */
final class SkippedPublication {

    /** Object not in prerequisite state. */
    private static final String SKIPPED = "55000";

    private final Connection connection;
    private final String quotedName;

    SkippedPublication(Connection connection, String publication) {
        this.connection = connection;
        this.quotedName = "\"" + publication + "\"";
    }

    /** @throws PhilotesException PUBLICATION_RECREATED when it was said since the last call */
    void requireNone() throws SQLException {
        SQLWarning first = connection.getWarnings();
        if (first == null) {
            return;
        }
        connection.clearWarnings();
        for (SQLWarning one = first; one != null; one = one.getNextWarning()) {
            // Its words may be translated, the name in them is not.
            if (SKIPPED.equals(one.getSQLState())
                    && String.valueOf(one.getMessage()).contains(quotedName)) {
                throw new PhilotesException(
                        ErrorCode.PUBLICATION_RECREATED,
                        "Cannot read the replication stream: changes were left out, for publication " + quotedName
                                + " did not exist when they were made");
            }
        }
    }
}
