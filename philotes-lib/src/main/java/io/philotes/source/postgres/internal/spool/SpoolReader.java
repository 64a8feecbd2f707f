// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.spool;

import io.philotes.model.BigEndian;

/** A place in a {@link Spool}: before its first message, then at one. Confined to one thread. */
public final class SpoolReader {

    private final Spool spool;
    private int nextBlock;
    private byte[] read = new byte[0];
    private byte[] block;
    private int blockEnd;
    private int offset;
    private int limit;

    SpoolReader(Spool spool) {
        this.spool = spool;
    }

    /** Goes to the next message that counts; false behind the last. */
    public boolean next() {
        while (limit < blockEnd || nextBlock()) {
            int length = BigEndian.getInt(block, limit);
            int by = BigEndian.getInt(block, limit + 4);
            offset = limit + Spool.FRAME_HEADER;
            limit = offset + length;
            if (spool.counts(by)) {
                return true;
            }
        }
        return false;
    }

    private boolean nextBlock() {
        while (nextBlock < spool.blocks()) {
            block = spool.block(nextBlock, read);
            blockEnd = spool.length(nextBlock);
            nextBlock++;
            if (nextBlock < spool.blocks()) {
                read = block;
            }
            limit = 0;
            if (blockEnd > 0) {
                return true;
            }
        }
        return false;
    }

    /** What holds the message; others will be in it after {@link #next}. */
    public byte[] bytes() {
        return block;
    }

    public int offset() {
        return offset;
    }

    public int limit() {
        return limit;
    }
}
