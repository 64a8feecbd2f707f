// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place that says what an {@link SQLException} means. SQLSTATE decides; where several failures share a state, what the
 * server does not translate: a setting's name in the text, or the routine that says it. Messages take the server's primary line
 * alone, for details may quote values.
 */
final class SqlFailures {

    private static final String LOOKS_FOR_PUBLICATION = "get_publication_oid";
    private static final String ENTERS_DATABASE = "CheckMyDatabase";

    /** Of the driver itself: it has no password or no way to sign in, or the server speaks no TLS. */
    private static final String REJECTED = "08004";

    private static final String TLS_HINT =
            "TLS is what ssl.mode and ssl.root-cert ask for: give the server a certificate that"
                    + " they accept, or ask for less, such as ssl.mode: disable within one machine";

    private SqlFailures() {}

    /** For a short call or a copy: {@code doing} completes "Cannot …". */
    static PhilotesException of(String doing, SQLException e) {
        return failure(codeOf(e), doing, e);
    }

    /** For connecting a walsender, which has no slot yet: what a slot's failure is called may mean the database. */
    static PhilotesException connectingReplication(String doing, SQLException e) {
        boolean ofWalsenders = state(e).equals("53300") || state(e).equals("42501");
        return failure(ofWalsenders ? replicationCodeOf(e) : codeOf(e), doing, e);
    }

    /** For creating, starting or reading a replication slot, where some states mean something else. */
    static PhilotesException inReplication(String doing, SQLException e) {
        return failure(replicationCodeOf(e), doing, e);
    }

    /** For a stream that had begun: a publication that is missed now was there before. */
    static PhilotesException whileStreaming(String doing, SQLException e) {
        ErrorCode code = replicationCodeOf(e);
        return failure(code == ErrorCode.PUBLICATION_MISSING ? ErrorCode.PUBLICATION_RECREATED : code, doing, e);
    }

    /** For a failure whose meaning the caller knows better. */
    static PhilotesException failure(ErrorCode code, String doing, SQLException e) {
        boolean mayQuoteValues = state(e).startsWith("22");
        String why = mayQuoteValues ? "SQLSTATE " + state(e) : primaryMessage(e);
        PhilotesException failure =
                new PhilotesException(code, "Cannot " + doing + ": " + why, mayQuoteValues ? null : e);
        return code == ErrorCode.SOURCE_UNREACHABLE && isOfTls(e) ? failure.hinting(TLS_HINT) : failure;
    }

    private static ErrorCode replicationCodeOf(SQLException e) {
        return switch (state(e)) {
            case "55006" -> ErrorCode.SLOT_IN_USE;
            case "53400" -> ErrorCode.NO_FREE_SLOT;
            case "53300" -> says(e, "max_wal_senders") ? ErrorCode.NO_FREE_SLOT : codeOf(e);
            case "42501" -> isKeptOut(e) ? ErrorCode.SOURCE_AUTHENTICATION : ErrorCode.NO_REPLICATION_RIGHT;
            case "55000" -> says(e, "wal_level") ? ErrorCode.WAL_LEVEL_NOT_LOGICAL : ErrorCode.SLOT_LOST;
            case "42704" ->
                routine(e).equals(LOOKS_FOR_PUBLICATION) ? ErrorCode.PUBLICATION_MISSING : ErrorCode.SLOT_LOST;
            case "58P01" -> ErrorCode.SLOT_LOST;
            case "22021", "22P05", "54000", "XX000" -> ErrorCode.SOURCE_POISON;
            default -> codeOf(e);
        };
    }

    private static ErrorCode codeOf(SQLException e) {
        String state = state(e);
        if (state.equals(REJECTED) && server(e).isEmpty() && !isOfTls(e)) {
            return ErrorCode.SOURCE_AUTHENTICATION;
        }
        if (state.startsWith("08") || isIo(e)) {
            return ErrorCode.SOURCE_UNREACHABLE;
        }
        return switch (state) {
            case "28P01", "28000" -> ErrorCode.SOURCE_AUTHENTICATION;
            case "57P01", "57P02", "57P03", "53300" -> ErrorCode.SOURCE_UNREACHABLE;
            case "3D000" -> ErrorCode.INVALID_CONFIGURATION;
            case "42501" -> isKeptOut(e) ? ErrorCode.SOURCE_AUTHENTICATION : ErrorCode.NO_SELECT_RIGHT;
            case "42P01" -> ErrorCode.TABLE_MISSING;
            default -> ErrorCode.SOURCE_QUERY;
        };
    }

    /** Whether the role has no CONNECT on the database, as while somebody works on it alone. */
    private static boolean isKeptOut(SQLException e) {
        return routine(e).equals(ENTERS_DATABASE);
    }

    private static boolean isIo(SQLException e) {
        return ioCause(e).isPresent();
    }

    private static Optional<IOException> ioCause(SQLException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return Optional.of(io);
            }
        }
        return Optional.empty();
    }

    /** The driver's own words, which hold these in any language; the server has no say before it is trusted. */
    private static boolean isOfTls(SQLException e) {
        return server(e).isEmpty()
                && (ioCause(e).filter(SSLHandshakeException.class::isInstance).isPresent()
                        || says(e, "SSL")
                        || says(e, "hostnameverifier"));
    }

    /** The SQLSTATE; empty when there is none. */
    static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static boolean says(SQLException e, String word) {
        return primaryMessage(e).contains(word);
    }

    /** Of the server's source; empty when it was not the server, or does not say. */
    private static String routine(SQLException e) {
        return server(e).map(ServerErrorMessage::getRoutine).orElse("");
    }

    private static Optional<ServerErrorMessage> server(SQLException e) {
        return Optional.ofNullable(e instanceof PSQLException p ? p.getServerErrorMessage() : null);
    }

    private static String primaryMessage(SQLException e) {
        return server(e)
                .map(ServerErrorMessage::getMessage)
                .or(() -> Optional.ofNullable(e.getMessage()).map(message -> message + because(e, message)))
                .orElseGet(() -> "no message, SQLSTATE " + state(e));
    }

    /** "The connection attempt failed" is all that the driver says of a name that nobody knows, or of a time-out. */
    private static String because(SQLException e, String message) {
        return ioCause(e)
                .filter(cause -> cause.getMessage() != null && !message.contains(cause.getMessage()))
                .map(cause -> " (" + cause.getClass().getSimpleName() + ": " + cause.getMessage() + ")")
                .orElse("");
    }
}
