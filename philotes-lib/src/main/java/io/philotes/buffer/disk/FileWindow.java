// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import java.io.IOException;

/** Reads small pieces of a file without a system call for each. Confined to one thread. */
final class FileWindow {

    private static final int SIZE = 32 * 1024;

    private final BufferFile file;
    private final byte[] window = new byte[SIZE];
    private long start;
    private int length;

    FileWindow(BufferFile file) {
        this.file = file;
    }

    /** Reads {@code count} bytes at {@code offset}; nothing at or behind {@code limit} is looked at or kept. */
    void read(long offset, byte[] into, int count, long limit) throws IOException {
        if (count >= SIZE) {
            file.read(offset, into, 0, count);
            return;
        }
        if (offset < start || offset + count > start + length) {
            length = 0;
            int filled = (int) Math.min(SIZE, limit - offset);
            file.read(offset, window, 0, filled);
            start = offset;
            length = filled;
        }
        System.arraycopy(window, (int) (offset - start), into, 0, count);
    }
}
