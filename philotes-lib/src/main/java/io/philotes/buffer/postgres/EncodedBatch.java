// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.ChangeBatch;
import java.util.List;

/** A batch as the bytes of its rows. Immutable; the array is shared. */
record EncodedBatch(ChangeBatch batch, BatchBytes.Encoded encoded, int chunkBytes) {

    static EncodedBatch of(ChangeBatch batch, BatchBytes encoding, int chunkBytes) {
        return new EncodedBatch(batch, encoding.encode(batch), chunkBytes);
    }

    int rows() {
        return (int) ((encoded.bytes().length + (long) chunkBytes - 1) / chunkBytes);
    }

    /** About what it takes in the tables. */
    long cost() {
        return encoded.bytes().length + (long) Chunk.OVERHEAD * rows();
    }

    List<Chunk> chunks(long firstSeq) {
        return Chunk.cut(batch, encoded, chunkBytes, firstSeq);
    }
}
