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

    /** A filter is part of the change that it fails for: the server takes that of the change's own time. */
    private static final String FILTER_CURE =
            "most likely a row filter (where) fails for a row, see the server's log: correct it (what is in the WAL"
                    + " already still meets the old one)";

    private static final String TLS_HINT =
            "TLS is what ssl.mode and ssl.root-cert ask for: give the server a certificate that"
                    + " they accept, or ask for less, such as ssl.mode: disable within one machine";

    private SqlFailures() {}

    /** For a short call: {@code doing} completes "Cannot …". */
    static PhilotesException of(String doing, SQLException e) {
        return failure(codeOf(e), doing, e);
    }

    /** For the rows of a table copy: what the server cannot read or send now, it never can. */
    static PhilotesException copying(String doing, SQLException e) {
        String cure = cure(e);
        return cure.isEmpty()
                ? of(doing, e)
                : failure(ErrorCode.SOURCE_POISON, doing, e)
                        .hinting(cure + ", then bin/philotes resync <pipeline> <table>");
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
        PhilotesException failure =
                failure(code == ErrorCode.PUBLICATION_MISSING ? ErrorCode.PUBLICATION_RECREATED : code, doing, e);
        String cure = isOfCondition(e) ? FILTER_CURE : cure(e);
        return cure.isEmpty()
                ? failure
                : failure.hinting(cure + ", then bin/philotes resync <pipeline> --offline, and start");
    }

    /** For a failure whose meaning the caller knows better. */
    static PhilotesException failure(ErrorCode code, String doing, SQLException e) {
        boolean mayQuoteValues = isOfValues(e);
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
            case "XX000" -> ErrorCode.SOURCE_POISON;
            default -> isOfCondition(e) || !cure(e).isEmpty() ? ErrorCode.SOURCE_POISON : codeOf(e);
        };
    }

    /** Whether values are to blame, which the message may quote. */
    private static boolean isOfValues(SQLException e) {
        return state(e).startsWith("22");
    }

    /** Whether a condition on rows fails for one of them, as by a division by zero, so far as a state tells. */
    static boolean isOfCondition(SQLException e) {
        return isOfValues(e) && cure(e).isEmpty();
    }

    /** What a person must do where the server cannot read or send a row, today as tomorrow; empty for anything else. */
    private static String cure(SQLException e) {
        return switch (state(e)) {
            case "22021", "22P05" ->
                "a text has bytes that are no character in UTF-8, see the server's log: correct it";
            case "54000" ->
                "a row is larger than the server can send, which is 1 GB: make it smaller, or leave its table out";
            case "XX001" -> "the server's files are damaged, see its log and pg_amcheck: restore them";
            default -> "";
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
