// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;

/** A pipeline cannot start, and somebody must mend something first. Holds no secret. Immutable. */
public final class PipelineStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String pipeline;
    private final transient CheckReport report;

    /** @param report everything that a check finds; without findings when it could not be made */
    public PipelineStartException(String pipeline, PhilotesException cause, CheckReport report) {
        super("Cannot start the pipeline " + pipeline + ": " + cause.getMessage(), cause);
        this.pipeline = pipeline;
        this.report = report;
    }

    public String pipeline() {
        return pipeline;
    }

    public CheckReport report() {
        return report;
    }

    /** What stopped it first. */
    public PhilotesException failure() {
        return (PhilotesException) getCause();
    }
}
