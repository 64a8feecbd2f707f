// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.health.CheckReport;
import io.philotes.pipeline.PipelinePlan;

/** The checks before a start. */
public final class Preflight {

    private Preflight() {}

    public static CheckReport check(PipelineParts parts) {
        throw new UnsupportedOperationException(parts.sinkName());
    }

    public static PipelinePlan plan(PipelineParts parts) {
        throw new UnsupportedOperationException(parts.sinkName());
    }
}
