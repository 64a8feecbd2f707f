// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.model.ChangeBatch;
import java.io.IOException;

/** What a {@link MemoryBuffer} holds under one end LSN: one batch, or the parts of one transaction. */
interface HeldTransactions {

    long bytes();

    int batches();

    /** The batch at {@code index}; throws when a spilled one cannot be read. */
    ChangeBatch batch(int index) throws IOException;

    /** Lets the storage go; called once it is out of the buffer. */
    void release();
}
