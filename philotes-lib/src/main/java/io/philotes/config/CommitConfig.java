// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;
import io.philotes.sink.iceberg.CommitRetry;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import java.time.Duration;

/**
 * When changes become visible. Immutable.
 *
 * @param interval how long changes may wait, default {@link PipelineOptions#DEFAULT_COMMIT_INTERVAL}
 * @param maxBytes bytes at which they do not wait, default {@link PipelineOptions#DEFAULT_COMMIT_MAX_BYTES}
 * @param attempts how often a table's commit is built anew because others were faster, default that of
 *     {@link CommitRetry#DEFAULT}
 * @param timeout how long one table's commit may take before its outcome counts as unknown, default
 *     {@link IcebergSinkBuilder#DEFAULT_COMMIT_TIMEOUT}
 * @param atomic whether all tables commit by one request, see {@link IcebergSinkBuilder#atomicCommits}; default false
 */
public record CommitConfig(Duration interval, ByteSize maxBytes, Integer attempts, Duration timeout, Boolean atomic) {

    public CommitConfig {
        interval = Positive.orDefault("interval", interval, PipelineOptions.DEFAULT_COMMIT_INTERVAL);
        maxBytes = maxBytes == null ? new ByteSize(PipelineOptions.DEFAULT_COMMIT_MAX_BYTES) : maxBytes;
        attempts = Positive.orDefault("attempts", attempts, CommitRetry.DEFAULT.attempts());
        timeout = Positive.orDefault("timeout", timeout, IcebergSinkBuilder.DEFAULT_COMMIT_TIMEOUT);
        atomic = atomic != null && atomic;
    }

    /** With the defaults of what is seldom changed. */
    public CommitConfig(Duration interval, ByteSize maxBytes) {
        this(interval, maxBytes, null, null, null);
    }
}
