// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics;

import io.philotes.model.ChangeBatch;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.List;

/**
 * What happened in a pipeline, told as it happens. Every method does nothing by default, and implementations must be
 * thread-safe, quick and must not throw; none of them is called once per row. No argument is null.
 */
public interface PipelineMetrics {

    /** Counts nothing. */
    PipelineMetrics NONE = new PipelineMetrics() {};

    /** How a commit ended. */
    enum CommitOutcome {
        /** It landed. */
        SUCCESS,
        /** It was refused until it was given up, as when others keep committing first. */
        CONFLICT,
        /** It did not land, or is not known to have landed. */
        FAILURE
    }

    /** Why a commit did not land and is sent once more, if it was not tried often enough. */
    enum CommitRetry {
        /** Somebody else's commit came first. */
        CONFLICT,
        /** The catalog did not say what became of it, and it was not found. */
        UNKNOWN
    }

    /** What became of a change to a table's definition. */
    enum SchemaAction {
        /** The target has followed. */
        APPLIED,
        /** The target cannot follow, so the table waits for a person. */
        HELD,
        /** The table must be copied again. */
        RESYNC
    }

    /** What became of dead letters. */
    enum LetterEnd {
        /** They were applied. */
        RECOVERED,
        /** They were given up by a person. */
        DISCARDED,
        /** The table was emptied or copied again behind them. */
        SUPERSEDED
    }

    /** What is done to a table beside its changes. */
    enum Upkeep {
        /** Data files are written again as fewer, or without their deleted rows. */
        COMPACT,
        /** Files of expired table snapshots are deleted. */
        EXPIRE,
        /** Files that no table snapshot uses are deleted. */
        ORPHANS
    }

    /** Where the pipeline with this name tells what happens in it, asked once before it starts; by default here. */
    default PipelineMetrics forPipeline(String pipeline) {
        return this;
    }

    /** Where one sink of the pipeline tells what happens in it; by default here, so that sinks are not told apart. */
    default PipelineMetrics forSink(String sink) {
        return this;
    }

    /** The sink that this is for was removed from its pipeline. */
    default void sinkRemoved() {}

    /**
     * A batch left the source. Called by the thread that reads, which everything waits for.
     *
     * @param batch with its {@link ChangeBatch#counts counts}; empty when there was nothing new
     * @param behind how long after the commit of its newest transaction it was read; zero for an empty one
     */
    default void received(ChangeBatch batch, Duration behind) {}

    /** A heartbeat was written at the source. */
    default void heartbeat() {}

    /** The pipeline, or the sink that this is for, begins again after a failure with this code. */
    default void restarted(String code) {}

    /** A table took part in a commit. */
    default void committed(TableId table, long rows, Duration took, CommitOutcome outcome) {}

    /** A commit of a table was sent and did not land. */
    default void commitRetried(TableId table, CommitRetry reason) {}

    /** A commit of a table, or its table copy, landed and brought these files: an entry for each kind, none for a kind without. */
    default void wrote(TableId table, List<WrittenFiles> files) {}

    /** A table's target stands like this now, as it says itself. */
    default void stands(TableId table, TargetSize now) {}

    /** Updates of a table left large values unchanged, which were read from the rows' older versions. */
    default void unchangedRead(TableId table, long rows) {}

    /**
     * A table's definition changed.
     *
     * @param change what changed, one of few words such as {@code add-column}
     */
    default void schemaChanged(TableId table, String change, SchemaAction action) {}

    /** Rows of a table copy were written. */
    default void copied(TableId table, long rows) {}

    /**
     * How far a table copy is.
     *
     * @param part from 0 to 1, which is told when the copy is in the target; about, by the source's own estimate
     */
    default void copyProgress(TableId table, double part) {}

    /**
     * Changes of a table were set aside as dead letters.
     *
     * @param code of what was wrong with them, or with what they wait behind
     */
    default void parked(TableId table, String code, long changes) {}

    /** Dead letters of a table do not wait any more. */
    default void lettersEnded(TableId table, String code, long letters, LetterEnd end) {}

    /** So many dead letters of a table wait now. */
    default void lettersWaiting(TableId table, long letters) {}

    /** Table snapshots of a target expired. */
    default void expired(TableId table, long snapshots) {}

    /** Files that a target does not need any more were deleted. */
    default void removed(TableId table, long files) {}

    /** Data files of a table were written again as fewer, or without their deleted rows; bytes are those that were read. */
    default void compacted(TableId table, long files, long bytes) {}

    /** Something was done to a table beside its changes, or was tried. */
    default void tended(TableId table, Upkeep what, Duration took, CommitOutcome outcome) {}

    /**
     * A catalog answered a request, or did not.
     *
     * @param operation what was asked, one of few words such as {@code load-table}
     * @param outcome {@code success}, {@code conflict}, {@code missing} or {@code failure}
     */
    default void catalogAnswered(String operation, String outcome, Duration took) {}

    /** Capture waited for room in the buffer. */
    default void backpressure(Duration waited) {}

    /** A loop met an error and will try again. */
    default void retried(String stage, String code) {}
}
