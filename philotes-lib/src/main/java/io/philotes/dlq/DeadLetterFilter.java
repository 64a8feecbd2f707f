// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters of a pipeline are meant. Immutable.
 *
 * @param sink of this sink alone
 * @param table of this table alone
 * @param code with this error code alone
 * @param at of the change at this place alone
 * @param states in one of these states; empty for any
 */
public record DeadLetterFilter(
        Optional<String> sink,
        Optional<TableId> table,
        Optional<String> code,
        Optional<SequenceNumber> at,
        Set<DeadLetterState> states) {

    /** Every one. */
    public static final DeadLetterFilter ALL =
            new DeadLetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

    public DeadLetterFilter {
        Objects.requireNonNull(sink, "sink");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(at, "at");
        states = Set.copyOf(states);
    }

    /** The same, of one sink alone. */
    public DeadLetterFilter ofSink(String name) {
        return new DeadLetterFilter(Optional.of(name), table, code, at, states);
    }

    /** The same, of one table alone. */
    public DeadLetterFilter ofTable(TableId id) {
        return new DeadLetterFilter(sink, Optional.of(id), code, at, states);
    }

    /** The same, with one error code alone. */
    public DeadLetterFilter withCode(String errorCode) {
        return new DeadLetterFilter(sink, table, Optional.of(errorCode), at, states);
    }

    /** The same, of the change at one place alone. */
    public DeadLetterFilter at(SequenceNumber place) {
        return new DeadLetterFilter(sink, table, code, Optional.of(place), states);
    }

    /** The same, in these states alone; none for any. */
    public DeadLetterFilter in(Set<DeadLetterState> someStates) {
        return new DeadLetterFilter(sink, table, code, at, someStates);
    }

    /** Whether the letter is one of those that the filter names. */
    public boolean matches(DeadLetter letter) {
        return sink.map(letter.id().sink()::equals).orElse(true)
                && table.map(letter.id().table()::equals).orElse(true)
                && code.map(letter.code()::equals).orElse(true)
                && at.map(letter.id().at()::equals).orElse(true)
                && (states.isEmpty() || states.contains(letter.state()));
    }
}
