// SPDX-License-Identifier: Apache-2.0
package io.philotes.health;

import io.philotes.error.ErrorCode;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing a check looked at. Immutable.
 *
 * @param severity how bad it is
 * @param subject what was looked at, a word or two: {@code connect}, {@code catalog}, a table
 * @param message what was seen
 * @param code the catalogue's number, when something is wrong
 * @param fix what to type to mend it, usually SQL
 */
public record Finding(
        Severity severity, String subject, String message, Optional<ErrorCode> code, Optional<String> fix) {

    /** How bad a finding is. */
    public enum Severity {
        OK,
        /** Works, but somebody should know. */
        WARN,
        /** A start would fail. */
        ERROR
    }

    public Finding {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(fix, "fix");
    }

    /** The same, said of one of several sinks. */
    public Finding inSink(String sink) {
        return new Finding(severity, subject, "sink " + sink + ": " + message, code, fix);
    }

    /** Something that is as it should be. */
    public static Finding ok(String subject, String message) {
        return new Finding(Severity.OK, subject, message, Optional.empty(), Optional.empty());
    }

    /** Something that works, but somebody should know. */
    public static Finding warn(ErrorCode code, String subject, String message, String fix) {
        return new Finding(Severity.WARN, subject, message, Optional.of(code), Optional.of(fix));
    }

    /** Something for which a start would fail. */
    public static Finding error(ErrorCode code, String subject, String message, String fix) {
        return new Finding(Severity.ERROR, subject, message, Optional.of(code), Optional.of(fix));
    }
}
