// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

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
 * @param states in one of these states; empty for any
 */
public record DeadLetterFilter(
        Optional<String> sink, Optional<TableId> table, Optional<String> code, Set<DeadLetterState> states) {

    /** Every one. */
    public static final DeadLetterFilter ALL =
            new DeadLetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

    public DeadLetterFilter {
        Objects.requireNonNull(sink, "sink");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(code, "code");
        states = Set.copyOf(states);
    }

    public boolean matches(DeadLetter letter) {
        return sink.map(letter.id().sink()::equals).orElse(true)
                && table.map(letter.id().table()::equals).orElse(true)
                && code.map(letter.code()::equals).orElse(true)
                && (states.isEmpty() || states.contains(letter.state()));
    }
}
