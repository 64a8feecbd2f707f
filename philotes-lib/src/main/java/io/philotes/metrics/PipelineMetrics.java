// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics;

import io.philotes.model.TableId;
import java.time.Duration;

/**
 * What happened in a pipeline, told as it happens. Every method does nothing by default, and implementations must be
 * thread-safe, quick and must not throw; none of them is called once per row.
 */
public interface PipelineMetrics {

    /** Counts nothing. */
    PipelineMetrics NONE = new PipelineMetrics() {};

    /** How a commit ended. */
    enum CommitOutcome {
        SUCCESS,
        CONFLICT,
        FAILURE
    }

    /** Where the pipeline with this name tells what happens in it, asked once before it starts; by default here. */
    default PipelineMetrics forPipeline(String pipeline) {
        return this;
    }

    /** Where one sink of the pipeline tells what happens in it; by default here, so that sinks are not told apart. */
    default PipelineMetrics forSink(String sink) {
        return this;
    }

    /** A batch left the source. */
    default void received(long changes, long bytes) {}

    /** A table took part in a commit. */
    default void committed(TableId table, long rows, Duration took, CommitOutcome outcome) {}

    /** Rows of a table copy were written. */
    default void copied(TableId table, long rows) {}

    /** Changes of a table were set aside as dead letters. */
    default void parked(TableId table, long changes) {}

    /** Table snapshots of a target expired. */
    default void expired(TableId table, long snapshots) {}

    /** Files that a target does not need any more were deleted. */
    default void removed(TableId table, long files) {}

    /** Data files of a table were written again as fewer, or without their deleted rows; bytes are those that were read. */
    default void compacted(TableId table, long files, long bytes) {}

    /** Capture waited for room in the buffer. */
    default void backpressure(Duration waited) {}

    /** A loop met an error and will try again. */
    default void retried(String stage, String code) {}
}
