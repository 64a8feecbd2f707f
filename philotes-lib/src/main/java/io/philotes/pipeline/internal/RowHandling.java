// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRetention;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.RowPolicy;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of rows that can never be written. Immutable; the queue is owned by the pipeline once it starts.
 *
 * @param policy what is done
 * @param queue where rows are set aside; also under another policy the letters in it block their keys, and can be replayed
 * @param maxDeadLetters how many of one table at most; beyond it the table is held
 * @param retention how long letters are kept in which nothing is left to do
 */
public record RowHandling(
        RowPolicy policy, Optional<DeadLetterQueue> queue, int maxDeadLetters, DeadLetterRetention retention) {

    /** More than a few are no exception but a fault of the mapping, and they are kept in memory by their keys. */
    public static final int DEFAULT_MAX_DEAD_LETTERS = 1000;

    /** Tables are held. */
    public static final RowHandling DEFAULT =
            new RowHandling(RowPolicy.HOLD, Optional.empty(), DEFAULT_MAX_DEAD_LETTERS, DeadLetterRetention.DEFAULT);

    public RowHandling {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(queue, "queue");
        Objects.requireNonNull(retention, "retention");
        if (policy == RowPolicy.DEAD_LETTER && queue.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot set rows aside: the row policy is DEAD_LETTER, and the pipeline has no dead-letter queue");
        }
        if (maxDeadLetters < 1) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot take the option maxDeadLetters: it must be a positive number, not '" + maxDeadLetters
                            + "'");
        }
    }
}
