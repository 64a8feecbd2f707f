// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One change that was set aside: exactly what PostgreSQL sent, with what is needed to understand and apply it. Immutable.
 *
 * @param id whose it is, and where in the order of changes
 * @param keys the keys it touches, as the sink names them: two for an update that changes the key
 * @param code the error's stable code, such as {@code PHI-5001}; for a change that only waits behind another, that one's
 * @param reason why, without any value of the row
 * @param change the change alone with its relation version, as {@link io.philotes.model.BatchCodec} writes it; shared, not to
 *     be written to
 * @param parkedAt when it was set aside
 * @param attempts how often it was tried to be applied, the first time included; 0 for one that only waits
 * @param state where it stands
 * @param replay the name of the replay that it belongs or belonged to; empty for none
 */
public record DeadLetter(
        Id id,
        SortedSet<String> keys,
        String code,
        String reason,
        byte[] change,
        Instant parkedAt,
        int attempts,
        DeadLetterState state,
        String replay) {

    public DeadLetter {
        Objects.requireNonNull(id, "id");
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(parkedAt, "parkedAt");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(replay, "replay");
    }

    /**
     * A dead letter's identity: to add it again changes nothing.
     *
     * @param pipeline the pipeline's name
     * @param sink the sink's name in the pipeline
     * @param table the table
     * @param at the change's place
     */
    public record Id(String pipeline, String sink, TableId table, SequenceNumber at) {

        public Id {
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(sink, "sink");
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(at, "at");
        }
    }
}
