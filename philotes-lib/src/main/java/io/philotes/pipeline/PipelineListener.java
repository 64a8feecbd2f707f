// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;

/**
 * Hears what happens. Called from the pipeline's threads, never from capture's, one call at a time per thread; should be
 * quick, for the pipeline waits. What it throws is logged and goes no further.
 */
public interface PipelineListener {

    /** The pipeline moved from one state to another. */
    default void stateChanged(String pipeline, PipelineState from, PipelineState to) {}

    /** @param reason empty unless the table needs a person */
    default void tableStateChanged(String pipeline, TableId table, TableState from, TableState to, String reason) {}

    /** The same with the sink in which the table stands; by default told without it. */
    default void tableStateChanged(
            String pipeline, String sink, TableId table, TableState from, TableState to, String reason) {
        tableStateChanged(pipeline, table, from, to, reason);
    }

    /** A commit round of a sink ended: everything that ends at or before {@code upTo} is in its target. */
    default void committed(String pipeline, Lsn upTo, long rows) {}

    /** The same with the sink; by default told without it. */
    default void committed(String pipeline, String sink, Lsn upTo, long rows) {
        committed(pipeline, upTo, rows);
    }

    /** Something failed and is tried again. */
    default void retrying(String pipeline, PhilotesException failure) {}

    /** Something in a sink failed and is tried again; by default told without the sink. */
    default void retrying(String pipeline, String sink, PhilotesException failure) {
        retrying(pipeline, failure);
    }

    /** A sink moved from one state to another; why is in the status. */
    default void sinkStateChanged(String pipeline, String sink, SinkState from, SinkState to) {}

    /** Changes of a table were set aside as dead letters, in a sink whose row policy says so. */
    default void rowsParked(String pipeline, String sink, TableId table, long changes) {}

    /** One sink alone makes the buffer keep so much, in percent of its limit; told once as it passes 50, and 80. */
    default void bufferFills(String pipeline, String sink, int percent) {}

    /** Something at the source wants attention, or is over. */
    default void alert(String pipeline, Alert alert) {}

    /** The pipeline is at its end. */
    default void failed(String pipeline, PhilotesException failure) {}
}
