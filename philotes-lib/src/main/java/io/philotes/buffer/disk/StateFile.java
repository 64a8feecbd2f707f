// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link BufferState} in a file of two slots that are written in turn and in place: a torn write leaves the other
 * slot, and a full disk does not stop a trim.
 *
 * <pre>
 * file   2 × slot of 1024 bytes; the valid one with the greater generation counts
 * slot   8 bytes "PHILSTAT" | int32 format (1) | int64 generation | int64 firstSegment | int64 trimmedUpTo
 *        | int64 durable segment | int64 durable offset | int16 n | n bytes pipeline, UTF-8 | zeros
 *        | int32 CRC32C of the 1020 bytes before
 * </pre>
 */
final class StateFile implements Closeable {

    static final String NAME = "state";

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    static final int SLOT = 1024;
    private static final long MAGIC = 0x5048494C_53544154L;
    private static final int FORMAT = 1;
    private static final int MAX_PIPELINE = 900;

    private final BufferDirectory directory;
    private final BufferFile file;
    private long generation;

    StateFile(BufferDirectory directory) throws IOException {
        this.directory = directory;
        this.file = directory.open(NAME);
    }

    /** What was written last; empty when nothing in the file is valid. */
    Optional<BufferState> read() throws IOException {
        Optional<BufferState> newest = Optional.empty();
        generation = 0;
        for (int slot = 0; slot < 2 && file.length() >= 2 * SLOT; slot++) {
            byte[] bytes = new byte[SLOT];
            file.read((long) slot * SLOT, bytes, 0, SLOT);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (!isValid(in)) {
                noteDamage(bytes, slot);
            } else if (in.getLong(12) > generation) {
                generation = in.getLong(12);
                newest = Optional.of(decode(in));
            }
        }
        return newest;
    }

    /** A write that was torn leaves this too, and then the other slot is what counts. */
    private void noteDamage(byte[] bytes, int slot) {
        for (byte b : bytes) {
            if (b != 0) {
                LOG.warn(
                        "One of the two slots of the buffer's state is damaged, file={}, offset={}",
                        directory.describe(NAME),
                        slot * SLOT);
                return;
            }
        }
    }

    private boolean isValid(ByteBuffer in) {
        if (in.getLong(0) != MAGIC) {
            return false;
        }
        if (in.getInt(8) > FORMAT) {
            throw Failures.tooNew(directory, NAME, in.getInt(8), FORMAT);
        }
        return in.getInt(SLOT - 4) == crc(in.array());
    }

    private static int crc(byte[] slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot, 0, SLOT - 4);
        return (int) crc.getValue();
    }

    private static BufferState decode(ByteBuffer in) {
        in.position(20);
        long firstSegment = in.getLong();
        Lsn trimmedUpTo = new Lsn(in.getLong());
        Place durable = new Place(in.getLong(), in.getLong());
        int length = in.getShort();
        String pipeline = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        return new BufferState(pipeline, firstSegment, trimmedUpTo, durable);
    }

    /** Writes the first state of a new buffer. */
    void create(BufferState state) throws IOException {
        file.truncate(0);
        file.write(0, new byte[2 * SLOT], 0, 2 * SLOT);
        write(state);
        directory.force();
    }

    /** Makes {@code state} durable in the place of the older slot. */
    void write(BufferState state) throws IOException {
        put(state);
        force();
    }

    /** Writes {@code state} over the older slot; it counts after {@link #force}, and may be put again before. */
    void put(BufferState state) throws IOException {
        byte[] pipeline = state.pipeline().getBytes(StandardCharsets.UTF_8);
        requireShort(pipeline.length);
        ByteBuffer out = ByteBuffer.allocate(SLOT);
        out.putLong(MAGIC).putInt(FORMAT).putLong(generation + 1).putLong(state.firstSegment());
        out.putLong(state.trimmedUpTo().value());
        out.putLong(state.durable().segment()).putLong(state.durable().offset());
        out.putShort((short) pipeline.length).put(pipeline);
        out.putInt(SLOT - 4, crc(out.array()));
        file.write((generation + 1) % 2 * SLOT, out.array(), 0, SLOT);
    }

    void force() throws IOException {
        file.force();
        generation++;
    }

    private static void requireShort(int length) {
        if (length > MAX_PIPELINE) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot open the buffer: the pipeline's name is too long");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
