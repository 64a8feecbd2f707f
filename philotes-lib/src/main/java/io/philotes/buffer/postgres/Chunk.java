// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.ChangeBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One row: a piece of a batch as {@link BatchBytes} encodes it. The last one tells of its batch.
 *
 * @param seq its number, one more than that of the row before it
 * @param last whether the batch ends with it
 * @param batch the batch it is of
 * @param encoded all of the batch's bytes
 * @param bytes the piece
 */
record Chunk(long seq, boolean last, ChangeBatch batch, BatchBytes.Encoded encoded, byte[] bytes) {

    /** About what a row costs besides its bytes. */
    static final int OVERHEAD = 128;

    /** Cuts a batch; there is at least one piece. */
    static List<Chunk> cut(ChangeBatch batch, BatchBytes.Encoded encoded, int chunkBytes, long firstSeq) {
        byte[] all = encoded.bytes();
        List<Chunk> chunks = new ArrayList<>();
        for (int from = 0; from < all.length; from += chunkBytes) {
            int to = (int) Math.min(all.length, (long) from + chunkBytes);
            byte[] piece = from == 0 && to == all.length ? all : Arrays.copyOfRange(all, from, to);
            chunks.add(new Chunk(firstSeq + chunks.size(), to == all.length, batch, encoded, piece));
        }
        return chunks;
    }

    int crc() {
        return crc(seq, last, bytes);
    }

    static int crc(long seq, boolean last, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(
                ByteBuffer.allocate(9).putLong(seq).put((byte) (last ? 1 : 0)).flip());
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Where the row says that its batch ends; null where it says nothing. */
    String endLsn() {
        return last && batch.endsOnBoundary() ? batch.endLsn().toString() : null;
    }

    BatchTally tally() {
        return last ? BatchTally.of(batch) : BatchTally.NONE;
    }
}
