// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.Sink;
import java.util.Objects;

/**
 * One sink of a pipeline, under its name. Immutable; the sink is owned by the pipeline once it starts.
 *
 * @param name names the sink's thread, its checkpoint, its metrics; unique in the pipeline
 * @param sink where changes go
 */
public record SinkPart(String name, Sink sink) {

    private static final String ALLOWED = "[A-Za-z0-9][A-Za-z0-9_-]{0,49}";

    public SinkPart {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sink, "sink");
        if (!name.matches(ALLOWED)) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot name a sink '" + name + "': a name is made of letters, digits, '_' and '-', at most 50");
        }
    }
}
