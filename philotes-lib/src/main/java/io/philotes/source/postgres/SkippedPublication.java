// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.regex.Pattern;

/**
 * Hears the server say that it leaves out changes because there was no publication when they were made. Since PostgreSQL 18
 * that is a warning, and what follows is sent as if nothing were missing; earlier releases end the stream. The warning comes
 * before anything that lies behind those changes. Confined to one thread.
 */
final class SkippedPublication {

    /** Object not in prerequisite state. */
    private static final String SKIPPED = "55000";

    /** A setting whose slots a walsender waits for, which it tells by a warning with the same SQLSTATE. */
    private static final String OF_STANDBYS = "synchronized_standby_slots";

    private final Connection connection;
    private final String publication;
    private final Pattern named;

    SkippedPublication(Connection connection, String publication) {
        this.connection = connection;
        this.publication = publication;
        // The message may be translated, its quotes too: »…«, « … », 「…」.
        this.named =
                Pattern.compile("[^\\w$]" + Pattern.quote(publication) + "[^\\w$]", Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** @throws PhilotesException PUBLICATION_RECREATED when it was said since the last call */
    void requireNone() throws SQLException {
        SQLWarning first = connection.getWarnings();
        if (first == null) {
            return;
        }
        connection.clearWarnings();
        for (SQLWarning one = first; one != null; one = one.getNextWarning()) {
            if (saysSo(one.getSQLState(), String.valueOf(one.getMessage()))) {
                throw new PhilotesException(
                        ErrorCode.PUBLICATION_RECREATED,
                        "Cannot read the replication stream: changes were left out, for publication " + publication
                                + " did not exist when they were made");
            }
        }
    }

    /** Whether a warning of the server says so, in whatever language. */
    boolean saysSo(String state, String message) {
        return SKIPPED.equals(state)
                && !message.contains(OF_STANDBYS)
                && named.matcher(" " + message + " ").find();
    }
}
