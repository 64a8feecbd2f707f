// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.util.Map;
import java.util.Optional;

/**
 * How a commit ended, table by table. Immutable.
 *
 * @param outcomes each touched table's outcome; a table that had nothing to commit is absent
 */
public record CommitResult(Map<TableId, Outcome> outcomes) {

    /** Nothing was touched. */
    public static final CommitResult EMPTY = new CommitResult(Map.of());

    public CommitResult {
        outcomes = Map.copyOf(outcomes);
    }

    /** The three ways a table's commit can end. */
    public enum Kind {
        /** Durable, with its position. */
        COMMITTED,
        /** Known not done, and a person is needed. */
        HELD,
        /** Not known whether done: nothing was deleted; ask {@link Sink#committedUpTo}. */
        UNKNOWN
    }

    /**
     * One table's outcome.
     *
     * @param kind how it ended
     * @param marker the position that now stands in the table, for COMMITTED
     * @param rows rows written or removed
     * @param failure what went wrong, for HELD and UNKNOWN
     */
    public record Outcome(Kind kind, Lsn marker, long rows, Optional<PhilotesException> failure) {

        /** Durable, with its position. */
        public static Outcome committed(Lsn marker, long rows) {
            return new Outcome(Kind.COMMITTED, marker, rows, Optional.empty());
        }

        /** Known not done, and a person is needed. */
        public static Outcome held(PhilotesException failure) {
            return new Outcome(Kind.HELD, Lsn.ZERO, 0, Optional.of(failure));
        }

        /** Not known whether done. */
        public static Outcome unknown(PhilotesException failure) {
            return new Outcome(Kind.UNKNOWN, Lsn.ZERO, 0, Optional.of(failure));
        }
    }
}
