// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

/**
 * What one sink of one pipeline is called, wherever a name is needed. Immutable.
 *
 * @param pipeline the pipeline's name, which holds no dot
 * @param sink the sink's name
 */
record LaneName(String pipeline, String sink) {

    /** The name of a sink that was given none. */
    static final String DEFAULT_SINK = "sink";

    /** Under which its checkpoint is stored; a pipeline's only, unnamed sink has the pipeline's own. */
    String storeKey() {
        return sink.equals(DEFAULT_SINK) ? pipeline : pipeline + "." + sink;
    }

    String thread() {
        return "philotes-" + pipeline + "-apply-" + sink;
    }

    /** For logs: {@code shop}, or {@code shop/lake}. */
    @Override
    public String toString() {
        return sink.equals(DEFAULT_SINK) ? pipeline : pipeline + "/" + sink;
    }
}
