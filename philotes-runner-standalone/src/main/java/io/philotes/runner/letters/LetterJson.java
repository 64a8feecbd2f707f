// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.letters;

import io.philotes.dlq.DeadLetter;

/** What a list tells of a letter: nothing of the row. Immutable. */
public record LetterJson(
        String id,
        String sink,
        String table,
        String at,
        String state,
        String code,
        String reason,
        int attempts,
        String parkedAt,
        String stateSince,
        String replay,
        int changeBytes) {

    static LetterJson of(DeadLetter letter) {
        return new LetterJson(
                LetterToken.of(letter.id()),
                letter.id().sink(),
                letter.id().table().toString(),
                letter.id().at().toString(),
                letter.state().name(),
                letter.code(),
                letter.reason(),
                letter.attempts(),
                letter.parkedAt().toString(),
                letter.stateSince().toString(),
                letter.replay().isEmpty() ? null : letter.replay(),
                letter.changeBytes());
    }
}
