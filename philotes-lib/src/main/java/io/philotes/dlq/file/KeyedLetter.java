// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.dlq.DeadLetter;
import java.io.IOException;

/** Puts an index's letter and its keys, which are in the file alone, together. Stateless. */
final class KeyedLetter {

    private KeyedLetter() {}

    static DeadLetter of(LetterFile.Found record, DeadLetter light) throws IOException {
        DeadLetter written = RecordFormat.readLetter(
                RecordFormat.read(record.head()), light.id().pipeline(), light.changeBytes());
        return new DeadLetter(
                light.id(),
                written.keys(),
                light.code(),
                light.reason(),
                light.parkedAt(),
                light.attempts(),
                light.state(),
                light.replay(),
                light.stateSince(),
                light.changeBytes());
    }
}
