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

    default void stateChanged(String pipeline, PipelineState from, PipelineState to) {}

    /** @param reason empty unless the table needs a person */
    default void tableStateChanged(String pipeline, TableId table, TableState from, TableState to, String reason) {}

    /** A commit round ended: everything that ends at or before {@code upTo} is in the target. */
    default void committed(String pipeline, Lsn upTo, long rows) {}

    /** Something failed and is tried again. */
    default void retrying(String pipeline, PhilotesException failure) {}

    /** Something at the source wants attention, or is over. */
    default void alert(String pipeline, Alert alert) {}

    /** The pipeline is at its end. */
    default void failed(String pipeline, PhilotesException failure) {}
}
