// SPDX-License-Identifier: Apache-2.0
package io.philotes.error;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.util.Objects;
import java.util.Optional;

/**
 * The one exception that Philotes throws by intention. Its {@link ErrorCode} says what may be done; the message reads
 * {@code Cannot <do>: <why>, table=…, lsn=…}; {@link #hint()} is the operator's next step. Never holds a cell value or a
 * secret. Immutable.
 */
public final class PhilotesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String reason;
    private final transient TableId table;
    private final transient Lsn lsn;
    private final String hint;

    private PhilotesException(ErrorCode code, String reason, TableId table, Lsn lsn, String hint, Throwable cause) {
        super(text(code, reason, table, lsn), cause);
        this.code = code;
        this.reason = reason;
        this.table = table;
        this.lsn = lsn;
        this.hint = hint;
    }

    /** {@code reason} completes the sentence and starts with "Cannot". */
    public PhilotesException(ErrorCode code, String reason) {
        this(code, reason, null, null, code.hint(), null);
    }

    /** With the cause that the reason speaks of; {@code cause} may be null. */
    public PhilotesException(ErrorCode code, String reason, Throwable cause) {
        this(code, reason, null, null, code.hint(), cause);
    }

    /** The same failure, naming the table. */
    public PhilotesException inTable(TableId named) {
        return withTrace(new PhilotesException(code, reason, Objects.requireNonNull(named), lsn, hint, getCause()));
    }

    /** The same failure, naming the position. */
    public PhilotesException at(Lsn position) {
        return withTrace(
                new PhilotesException(code, reason, table, Objects.requireNonNull(position), hint, getCause()));
    }

    /** The same failure with a hint of its own. */
    public PhilotesException hinting(String ownHint) {
        return withTrace(new PhilotesException(code, reason, table, lsn, Objects.requireNonNull(ownHint), getCause()));
    }

    private PhilotesException withTrace(PhilotesException copy) {
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    private static String text(ErrorCode code, String reason, TableId table, Lsn lsn) {
        StringBuilder text = new StringBuilder(code.code()).append(' ').append(reason);
        if (table != null) {
            text.append(", table=").append(table);
        }
        if (lsn != null) {
            text.append(", lsn=").append(lsn);
        }
        return text.toString();
    }

    /** Its entry in the catalogue of errors. */
    public ErrorCode code() {
        return code;
    }

    /** What may be done about it. */
    public Recovery recovery() {
        return code.recovery();
    }

    /** The sentence without code, table and position. */
    public String reason() {
        return reason;
    }

    /** The operator's next step, one sentence. */
    public String hint() {
        return hint;
    }

    /** The table that it is about, where it is about one; lost when the exception is serialised. */
    public Optional<TableId> table() {
        return Optional.ofNullable(table);
    }

    /** The position that it is about, where it is about one; lost when the exception is serialised. */
    public Optional<Lsn> lsn() {
        return Optional.ofNullable(lsn);
    }
}
