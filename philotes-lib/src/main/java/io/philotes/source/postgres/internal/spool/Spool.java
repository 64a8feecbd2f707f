// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.spool;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.BigEndian;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The messages of one transaction that is still open: in memory up to {@link #BLOCK_BYTES}, the rest in a temporary file, until
 * it is known whether they count. Confined to one thread.
 *
 * <pre>
 * block   frame …, none of which goes over its end; at most 64 KiB, or one larger frame
 * frame   int32 length of the message | int32 transaction id | message: kind and body
 * </pre>
 *
 * <p>What cannot be written or read is BUFFER_FULL or BUFFER_FAILED, after which the spool is of no use; the server has it all.
 */
public final class Spool implements AutoCloseable {

    /** So much is in memory at most, but for a larger message. */
    public static final int BLOCK_BYTES = 64 * 1024;

    static final int FRAME_HEADER = 8;

    private static final int FIRST_BYTES = 4 * 1024;

    private final int xid;
    private final Path directory;

    /** Which subtransactions were rolled back: a bit each, as later ids follow earlier ones. */
    private final BitSet aborted = new BitSet();

    private byte[] block = new byte[0];
    private int filled;
    private SpoolFile file;

    /**
     * An empty one.
     *
     * @param xid the top-level transaction, unsigned; those of its subtransactions follow it
     * @param directory where the file goes, made when it is needed; null for the system's temporary directory
     */
    public Spool(int xid, Path directory) {
        this.xid = xid;
        this.directory = directory;
    }

    /**
     * Adds a message.
     *
     * @param by the transaction or subtransaction whose it is
     * @param kind its first byte
     * @param bytes which hold its body between {@code offset} and {@code limit}
     */
    public void add(int by, byte kind, byte[] bytes, int offset, int limit) {
        requireNotOlder(by);
        int length = limit - offset;
        makeRoom(FRAME_HEADER + 1 + length);
        BigEndian.putInt(block, filled, 1 + length);
        BigEndian.putInt(block, filled + 4, by);
        block[filled + FRAME_HEADER] = kind;
        System.arraycopy(bytes, offset, block, filled + FRAME_HEADER + 1, length);
        filled += FRAME_HEADER + 1 + length;
    }

    private void makeRoom(int more) {
        if (filled > 0 && filled + more > BLOCK_BYTES) {
            write();
        }
        if (filled + more > block.length) {
            int roomy = Math.min(BLOCK_BYTES, Math.max(FIRST_BYTES, block.length * 2));
            block = Arrays.copyOf(block, Math.max(filled + more, roomy));
        }
    }

    private void write() {
        try {
            file = file == null ? SpoolFile.create(directory) : file;
            file.append(block, filled);
        } catch (IOException e) {
            throw SpoolFile.failure(directory, e);
        }
        filled = 0;
        if (block.length > BLOCK_BYTES) {
            block = new byte[BLOCK_BYTES];
        }
    }

    /** Writes what is in memory to the file, and gives the memory back. */
    public void leaveMemory() {
        if (filled > 0) {
            write();
        }
        block = new byte[0];
    }

    /** What this subtransaction did does not count. */
    public void abort(int subxid) {
        requireNotOlder(subxid);
        aborted.set(subxid - xid);
    }

    /** A subtransaction gets its id after its transaction; so the distance is the same when the ids wrap around. */
    private void requireNotOlder(int subxid) {
        if (subxid - xid < 0) {
            throw new PhilotesException(
                    ErrorCode.PROTOCOL,
                    "Cannot follow the replication stream: a subtransaction is older than its transaction");
        }
    }

    /** From the first message on, without those of subtransactions that were rolled back; nothing may be added any more. */
    public SpoolReader read() {
        return new SpoolReader(this);
    }

    boolean counts(int by) {
        return !aborted.get(by - xid);
    }

    int blocks() {
        return (file == null ? 0 : file.blocks()) + 1;
    }

    /** A block, in {@code reuse} if it fits in; read only. */
    byte[] block(int index, byte[] reuse) {
        if (index == blocks() - 1) {
            return block;
        }
        try {
            return file.read(index, reuse);
        } catch (IOException e) {
            throw SpoolFile.failure(directory, e);
        }
    }

    int length(int index) {
        return index == blocks() - 1 ? filled : file.length(index);
    }

    /** Gives memory and disk back. Idempotent; does not throw. */
    @Override
    public void close() {
        block = new byte[0];
        filled = 0;
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
