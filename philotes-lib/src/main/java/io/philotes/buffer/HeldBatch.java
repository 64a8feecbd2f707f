// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.model.ChangeBatch;

/** A batch of whole transactions, or a progress mark, on the heap. */
record HeldBatch(ChangeBatch batch) implements HeldTransactions {

    /** About what a batch costs besides its bytes. */
    private static final int OVERHEAD = 128;

    static long cost(ChangeBatch batch) {
        return batch.isEmpty() ? 0 : batch.bytes().length + OVERHEAD;
    }

    @Override
    public long bytes() {
        return cost(batch);
    }

    @Override
    public int batches() {
        return 1;
    }

    @Override
    public ChangeBatch batch(int index) {
        return batch;
    }

    @Override
    public void release() {}
}
