// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.sql.Connection;
import java.sql.SQLException;

/** An ordinary connection beside a stream, opened when first needed and kept. Confined to one thread. */
final class CatalogSession implements AutoCloseable {

    private final Sessions sessions;
    private Connection connection;

    CatalogSession(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Asks the catalog, on a new connection if the kept one has died meanwhile; {@code doing} completes "Cannot …". */
    <T> T ask(String doing, Sessions.Work<T> question) {
        if (connection != null) {
            try {
                return question.on(connection);
            } catch (SQLException e) {
                PhilotesException failure = SqlFailures.of(doing, e);
                close();
                if (failure.code() != ErrorCode.SOURCE_UNREACHABLE) {
                    throw failure;
                }
            }
        }
        connection = sessions.openShort();
        try {
            return question.on(connection);
        } catch (SQLException e) {
            throw SqlFailures.of(doing, e);
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            Sql.closeQuietly(connection);
            connection = null;
        }
    }
}
