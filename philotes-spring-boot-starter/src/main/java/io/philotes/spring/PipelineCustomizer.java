// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import io.philotes.PipelineBuilder;

/**
 * Changes a pipeline before each of its starts: what the properties cannot say. Beans of this type are called in their order,
 * after everything else was set, for every pipeline; never two at a time for one pipeline.
 */
@FunctionalInterface
public interface PipelineCustomizer {

    /**
     * @param pipeline its name
     * @param builder to be changed
     */
    void customize(String pipeline, PipelineBuilder builder);
}
