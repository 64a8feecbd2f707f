// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The beginning of a {@link LetterFile}, written once: 512 bytes.
 *
 * <pre>
 * header   8 bytes "PHILDLET" | int32 format (1) | int64 generation | int16 n | n bytes pipeline, UTF-8 | zeros
 *          | int32 CRC32C of the 508 bytes before
 * </pre>
 *
 * @param generation random for each file, and part of every checksum in it: bytes of an older file on the same blocks are not
 *     taken for its own, and who knows one file's content sees that another has taken its place
 * @param pipeline whose letters these are
 */
record FileHeader(long generation, String pipeline) {

    static final int LENGTH = 512;
    static final int FORMAT = 1;
    static final int MAX_PIPELINE = 480;

    private static final long MAGIC = 0x5048494C_444C4554L;

    byte[] encode() {
        byte[] name = pipeline.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        out.putLong(MAGIC)
                .putInt(FORMAT)
                .putLong(generation)
                .putShort((short) name.length)
                .put(name);
        out.putInt(LENGTH - 4, crc(out.array()));
        return out.array();
    }

    private static int crc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, LENGTH - 4);
        return (int) crc.getValue();
    }

    /** @throws TooNewException for the format of a later version */
    static FileHeader read(StoredFile file) throws IOException {
        byte[] bytes = new byte[LENGTH];
        try {
            file.read(0, bytes, LENGTH);
        } catch (EOFException e) {
            throw new DamagedFileException(0, "the header ends early");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean ours = in.getLong(0) == MAGIC;
        if (ours && in.getInt(8) > FORMAT) {
            throw new TooNewException(in.getInt(8));
        }
        int length = in.getShort(20);
        if (!ours || in.getInt(LENGTH - 4) != crc(bytes) || length < 0 || length > MAX_PIPELINE) {
            throw new DamagedFileException(0, "the header's checksum does not match");
        }
        String pipeline = new String(Arrays.copyOfRange(bytes, 22, 22 + length), StandardCharsets.UTF_8);
        return new FileHeader(in.getLong(12), pipeline);
    }
}
