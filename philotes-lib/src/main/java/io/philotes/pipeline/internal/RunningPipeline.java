// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.Pipeline;

/** A started pipeline. */
public abstract class RunningPipeline implements Pipeline {

    public static Pipeline start(PipelineParts parts) {
        throw new UnsupportedOperationException(parts.sinkName());
    }
}
