// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place that says what an {@link SQLException} of a store means. Stateless; not public API. SQLSTATE decides, and the
 * message is the server's primary line alone, for details may quote values.
 */
public final class StateFailures {

    private StateFailures() {}

    /**
     * The failure of a statement.
     *
     * @param other the code where neither the connection nor the rights are to blame
     * @param doing completes "Cannot …"
     */
    public static PhilotesException of(ErrorCode other, String doing, SQLException e) {
        boolean mayQuoteValues = state(e).startsWith("22");
        String why = mayQuoteValues ? "SQLSTATE " + state(e) : primaryMessage(e);
        return new PhilotesException(codeOf(e, other), "Cannot " + doing + ": " + why, mayQuoteValues ? null : e);
    }

    private static ErrorCode codeOf(SQLException e, ErrorCode other) {
        if (mayPass(e)) {
            return ErrorCode.STATE_UNREACHABLE;
        }
        String state = state(e);
        if (state.startsWith("28")) {
            return ErrorCode.STATE_REFUSED;
        }
        return switch (state) {
            case "42501" -> ErrorCode.STATE_REFUSED;
            case "42P01", "3F000" -> ErrorCode.STATE_NOT_PREPARED;
            case "3D000" -> ErrorCode.INVALID_CONFIGURATION;
            default -> other;
        };
    }

    /**
     * Whether the same may work later: no connection, a server that starts, stops, is full or is a standby just now, a timeout,
     * a lock. Whether it was done is another question, and open when the connection went.
     */
    public static boolean mayPass(SQLException e) {
        String state = state(e);
        if (state.startsWith("08") || state.startsWith("53") || isIo(e)) {
            return true;
        }
        return switch (state) {
            // Shutdown, crash, starting; idle timeouts; read-only after a failover; deadlock; lock and statement
            // timeouts.
            case "57P01", "57P02", "57P03", "57P05", "25P03", "25006", "40001", "40P01", "55P03", "57014" -> true;
            default -> e instanceof SQLTransientException;
        };
    }

    private static boolean isIo(SQLException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /** The SQLSTATE; empty when there is none. A pool's own failure is that of the connection it could not get. */
    public static String state(SQLException e) {
        if (e.getSQLState() == null && e.getCause() instanceof SQLException cause) {
            return state(cause);
        }
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static String primaryMessage(SQLException e) {
        if (e.getSQLState() == null && e.getCause() instanceof SQLException cause) {
            return primaryMessage(cause);
        }
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String message = server == null ? e.getMessage() : server.getMessage();
        return message == null ? "no message, SQLSTATE " + state(e) : message;
    }
}
