// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.error.PhilotesException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A row of failures that may pass, without a success between, and what is tried again after the last of them. Immutable.
 *
 * @param stage what is tried again
 * @param sink the sink that it is about; empty for what all share
 * @param since when the first of them was
 * @param failures how many there were
 * @param last the newest
 */
public record Retry(Stage stage, Optional<String> sink, Instant since, long failures, PhilotesException last) {

    /** What is tried again. */
    public enum Stage {
        /** The beginning: to find out where every table is, and to load what is missing. */
        SESSION,
        /** Capture: to open the stream and to read it into the buffer. */
        READ,
        /** A sink: to open it, to write and to commit. */
        WRITE
    }

    public Retry {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(sink, "sink");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(last, "last");
    }
}
