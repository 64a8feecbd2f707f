// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.BatchCodec;
import io.philotes.model.ChangeBatch;
import java.util.List;

/** A batch as the bytes of its rows. Immutable; the array is shared. */
record EncodedBatch(ChangeBatch batch, byte[] bytes, int chunkBytes) {

    static EncodedBatch of(ChangeBatch batch, int chunkBytes) {
        return new EncodedBatch(batch, BatchCodec.encode(batch), chunkBytes);
    }

    int rows() {
        return (int) ((bytes.length + (long) chunkBytes - 1) / chunkBytes);
    }

    /** About what it takes in the tables. */
    long cost() {
        return bytes.length + (long) Chunk.OVERHEAD * rows();
    }

    List<Chunk> chunks(long firstSeq) {
        return Chunk.cut(batch, bytes, chunkBytes, firstSeq);
    }
}
