// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;
import io.philotes.pipeline.RowPolicy;

/**
 * What is done about failures. Immutable.
 *
 * @param row what becomes of a row that the target can never take, default {@link RowPolicy#HOLD}
 * @param maxDeadLetters how many rows of one table and sink are set aside before the table is held, default
 *     {@link PipelineOptions#DEFAULT_MAX_DEAD_LETTERS}
 * @param deadLetters where they are kept
 * @param retry how failures that may pass are tried again
 */
public record OnErrorConfig(RowPolicy row, Integer maxDeadLetters, DeadLettersConfig deadLetters, RetryConfig retry) {

    public OnErrorConfig {
        row = row == null ? RowPolicy.HOLD : row;
        maxDeadLetters = maxDeadLetters == null ? PipelineOptions.DEFAULT_MAX_DEAD_LETTERS : maxDeadLetters;
        if (maxDeadLetters < 1) {
            throw new IllegalArgumentException("max-dead-letters must be at least 1");
        }
        deadLetters = deadLetters == null ? DeadLettersConfig.unset() : deadLetters;
        retry = retry == null ? new RetryConfig(null, null, null) : retry;
    }
}
