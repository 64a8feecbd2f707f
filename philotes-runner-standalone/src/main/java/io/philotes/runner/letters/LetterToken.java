// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.letters;

import io.philotes.dlq.DeadLetter;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A letter's identity in its pipeline as one word for addresses; says nothing to people. Stateless. */
public final class LetterToken {

    private static final String SEPARATOR = "\0";

    private LetterToken() {}

    public static String of(DeadLetter.Id id) {
        String text = String.join(
                SEPARATOR,
                id.sink(),
                id.table().schema(),
                id.table().name(),
                id.at().toString());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalArgumentException for a word that {@link #of} did not make */
    public static DeadLetter.Id parse(String pipeline, String token) {
        String[] parts;
        try {
            parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(SEPARATOR, -1);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + token + "' names no dead letter", e);
        }
        if (parts.length != 4) {
            throw new IllegalArgumentException("'" + token + "' names no dead letter");
        }
        return new DeadLetter.Id(pipeline, parts[0], new TableId(parts[1], parts[2]), place(parts[3]));
    }

    /**
     * Reads a place as lists show it, {@code commitLsn+ordinal}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static SequenceNumber place(String text) {
        int plus = text.indexOf('+');
        try {
            return new SequenceNumber(
                    Lsn.parse(text.substring(0, Math.max(plus, 0))), Long.parseLong(text.substring(plus + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a change's place (commitLsn+ordinal): '" + text + "'", e);
        }
    }
}
