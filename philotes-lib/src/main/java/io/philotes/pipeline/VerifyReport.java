// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.util.List;
import java.util.Objects;

/**
 * What {@link Pipeline#verify} found. Immutable.
 *
 * @param pipeline the pipeline's name
 * @param tables each table, by sink and name
 */
public record VerifyReport(String pipeline, List<Table> tables) {

    public VerifyReport {
        Objects.requireNonNull(pipeline, "pipeline");
        tables = List.copyOf(tables);
    }

    /** The ways in which a comparison of one table ends. */
    public enum Verdict {
        /** Every row is equal. */
        EQUAL,
        /** Rows differ; some of them are named. One that the target cannot hold differs, too. */
        DIFFERENT,
        /** Rows that changed in every round could not be compared; the others are equal. */
        UNDECIDED,
        /** It was not compared, though it should be, see the reason. */
        NOT_COMPARED,
        /** The target is not meant to hold the source's rows, but a history of changes, or cannot be read. */
        NOT_COMPARABLE
    }

    /** How a row differs. */
    public enum Kind {
        /** The source has it, the target does not. */
        MISSING,
        /** The target has it, the source does not. */
        EXTRA,
        /** Both have it, with other values or another number of times. */
        DIFFERENT,
        /** A change of it was set aside, and waits in the dead-letter queue. */
        PARKED
    }

    /**
     * One row that differs.
     *
     * @param kind how
     * @param key key columns with their values; where the target has no key, the row's hash
     * @param source all values at the source, when they were asked for and it is there; else empty
     * @param target all values in the target, likewise
     */
    public record Row(Kind kind, String key, String source, String target) {}

    /**
     * One table.
     *
     * @param table the source table
     * @param sink the sink whose target was compared
     * @param verdict how it ended
     * @param lsn the position at which the rows were compared, the last round's; zero when none was
     * @param rows rows at the source that were compared
     * @param missing rows that are only at the source
     * @param extra rows that are only in the target
     * @param different rows with other values
     * @param parked rows that differ because a change of them was set aside
     * @param undecided keys that changed in every round
     * @param refused rows at the source that the target cannot hold and that have no key, so that none of them is named
     * @param complete whether all rows were looked at; when there are too many differences, not each is counted
     * @param examples differing rows, the first that were found
     * @param reason why it was not compared, or what should be known; else empty
     */
    public record Table(
            TableId table,
            String sink,
            Verdict verdict,
            Lsn lsn,
            long rows,
            long missing,
            long extra,
            long different,
            long parked,
            long undecided,
            long refused,
            boolean complete,
            List<Row> examples,
            String reason) {

        public Table {
            examples = List.copyOf(examples);
        }

        /** One that was not compared. */
        public static Table notCompared(TableId table, String sink, String reason) {
            return without(table, sink, Verdict.NOT_COMPARED, reason);
        }

        /** One that cannot be compared by its nature. */
        public static Table notComparable(TableId table, String sink, String reason) {
            return without(table, sink, Verdict.NOT_COMPARABLE, reason);
        }

        private static Table without(TableId table, String sink, Verdict verdict, String reason) {
            return new Table(table, sink, verdict, Lsn.ZERO, 0, 0, 0, 0, 0, 0, 0, false, List.of(), reason);
        }
    }

    /** Whether any table ended so. */
    public boolean has(Verdict verdict) {
        return tables.stream().anyMatch(table -> table.verdict() == verdict);
    }
}
