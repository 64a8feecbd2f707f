// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;

/**
 * How tables are loaded first. Immutable.
 *
 * @param parallelism ranges read at the same time, default {@link PipelineOptions#DEFAULT_COPY_PARALLELISM}
 */
public record CopyConfig(Integer parallelism) {

    public CopyConfig {
        parallelism = Positive.orDefault("parallelism", parallelism, PipelineOptions.DEFAULT_COPY_PARALLELISM);
    }
}
