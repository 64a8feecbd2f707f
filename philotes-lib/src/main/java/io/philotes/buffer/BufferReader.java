// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.model.ChangeBatch;
import java.time.Duration;

/** One reader's place in a buffer. Owned by one thread. Reading removes nothing. */
public interface BufferReader extends AutoCloseable {

    /**
     * The next batch in order, or null when none came in time or the buffer was closed. A batch that covers the place where
     * the reader began is given whole: its first transactions may end at or before that place, and the sink skips them.
     *
     * @throws io.philotes.error.PhilotesException when the storage fails or holds damaged bytes; BUFFER_TRIMMED when the
     *     buffer was trimmed behind this reader's back
     */
    ChangeBatch poll(Duration timeout) throws InterruptedException;

    /**
     * The same, but a transaction that comes in many parts may be handed out while it comes; both calls go on with it then. What
     * {@link #isAhead} is told of must not be made final before its end has come. If it is dropped after all ({@link
     * ChangeBuffer#discardIncomplete}), this and every later call fails with recovery RETRY; another reader begins where the
     * last transaction ended.
     */
    default ChangeBatch pollAhead(Duration timeout) throws InterruptedException {
        return poll(timeout);
    }

    /** Whether the last batch is of a transaction whose end has not come: it may be withdrawn yet. */
    default boolean isAhead() {
        return false;
    }

    /** Gives the place up. Idempotent; does not throw. */
    @Override
    void close();
}
