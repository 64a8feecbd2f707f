// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;
import java.time.Duration;

/**
 * When changes become visible. Immutable.
 *
 * @param interval how long changes may wait, default {@link PipelineOptions#DEFAULT_COMMIT_INTERVAL}
 * @param maxBytes bytes at which they do not wait, default {@link PipelineOptions#DEFAULT_COMMIT_MAX_BYTES}
 */
public record CommitConfig(Duration interval, ByteSize maxBytes) {

    public CommitConfig {
        interval = Positive.orDefault("interval", interval, PipelineOptions.DEFAULT_COMMIT_INTERVAL);
        maxBytes = maxBytes == null ? new ByteSize(PipelineOptions.DEFAULT_COMMIT_MAX_BYTES) : maxBytes;
    }
}
