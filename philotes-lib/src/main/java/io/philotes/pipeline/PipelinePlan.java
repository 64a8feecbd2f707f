// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.sink.TablePlan;
import java.util.List;

/**
 * What a start would create or change. Immutable.
 *
 * @param pipeline the pipeline's name
 * @param steps what would be created at the source, in words; see {@link #REFUSED}
 * @param tables what would be done for each table
 * @param indexBytes memory for the key indexes, about, by the planner's row counts
 * @param heapIndexBytes those of them that cannot go to disk where memory is short
 * @param bufferBytes memory for the buffer
 * @param budgetBytes what the buffer and indexes that cannot go to disk may use; a start above it is refused
 */
public record PipelinePlan(
        String pipeline,
        List<String> steps,
        List<TablePlan> tables,
        long indexBytes,
        long heapIndexBytes,
        long bufferBytes,
        long budgetBytes) {

    /** What the only step begins with where a start would be refused as a whole; the reason follows. */
    public static final String REFUSED = "refuse: ";

    public PipelinePlan {
        steps = List.copyOf(steps);
        tables = List.copyOf(tables);
    }

    /** Whether a start would not be refused for its memory. */
    public boolean fitsBudget() {
        return heapIndexBytes + bufferBytes <= budgetBytes;
    }
}
