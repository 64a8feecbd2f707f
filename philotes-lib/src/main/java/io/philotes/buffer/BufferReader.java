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

    /** Gives the place up. Idempotent; does not throw. */
    @Override
    void close();
}
