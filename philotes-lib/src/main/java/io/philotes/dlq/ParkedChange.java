// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import java.time.Instant;
import java.util.Objects;
import java.util.SortedSet;

/**
 * A dead letter with its change: exactly what PostgreSQL sent, with what is needed to understand and apply it. Immutable.
 *
 * @param letter what is known of it
 * @param change the change alone with its relation version, as {@link io.philotes.model.BatchCodec} writes it; shared, not to
 *     be written to
 */
public record ParkedChange(DeadLetter letter, byte[] change) {

    public ParkedChange {
        Objects.requireNonNull(letter, "letter");
        if (letter.changeBytes() != change.length) {
            throw new IllegalArgumentException(
                    "a letter of " + letter.changeBytes() + " bytes has " + change.length + ", at=" + letter.id());
        }
    }

    /** One that the sink refused. */
    public static ParkedChange rejected(
            DeadLetter.Id id, SortedSet<String> keys, String code, String reason, byte[] change, Instant at) {
        return parked(id, keys, code, reason, change, at, 1);
    }

    /** One that was not tried, because an earlier change of its keys is parked. */
    public static ParkedChange behind(
            DeadLetter.Id id, SortedSet<String> keys, String code, String reason, byte[] change, Instant at) {
        return parked(id, keys, code, reason, change, at, 0);
    }

    private static ParkedChange parked(
            DeadLetter.Id id,
            SortedSet<String> keys,
            String code,
            String reason,
            byte[] change,
            Instant at,
            int attempts) {
        DeadLetter letter =
                new DeadLetter(id, keys, code, reason, at, attempts, DeadLetterState.PARKED, "", at, change.length);
        return new ParkedChange(letter, change);
    }
}
