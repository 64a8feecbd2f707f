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
 * What is known of one change that was set aside: everything but the change itself, see {@link ParkedChange}. Times are exact
 * to the microsecond. No text holds a NUL character. Immutable.
 *
 * @param id whose it is, and where in the order of changes
 * @param keys the keys it touches, as the sink names them: two for an update that changes the key. They are the customer's
 *     data, as the change is
 * @param code the error's stable code, such as {@code PHI-5001}; for a change that only waits behind another, that one's
 * @param reason why, without any value of the row
 * @param parkedAt when it was set aside first
 * @param attempts how often it was tried to be applied, the first time included; 0 for one that only waits
 * @param state where it stands
 * @param replay the name of the replay that it belongs or belonged to; empty for none
 * @param stateSince when it came to stand there
 * @param changeBytes the length of its change
 */
public record DeadLetter(
        Id id,
        SortedSet<String> keys,
        String code,
        String reason,
        Instant parkedAt,
        int attempts,
        DeadLetterState state,
        String replay,
        Instant stateSince,
        int changeBytes) {

    public DeadLetter {
        Objects.requireNonNull(id, "id");
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(parkedAt, "parkedAt");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(replay, "replay");
        Objects.requireNonNull(stateSince, "stateSince");
    }

    /**
     * A dead letter's identity: to add it again changes nothing. Ordered by sink and table, then by the order of changes.
     *
     * @param pipeline the pipeline's name
     * @param sink the sink's name in the pipeline
     * @param table the table
     * @param at the change's place
     */
    public record Id(String pipeline, String sink, TableId table, SequenceNumber at) implements Comparable<Id> {

        public Id {
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(sink, "sink");
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(at, "at");
        }

        @Override
        public int compareTo(Id other) {
            int byPipeline = pipeline.compareTo(other.pipeline);
            int bySink = byPipeline != 0 ? byPipeline : sink.compareTo(other.sink);
            int byTable = bySink != 0 ? bySink : table.compareTo(other.table);
            return byTable != 0 ? byTable : at.compareTo(other.at);
        }
    }
}
