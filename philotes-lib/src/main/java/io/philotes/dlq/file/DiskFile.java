// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.IOException;
import java.io.RandomAccessFile;

/** A file on a disk. Not a channel, because an interrupt closes a channel in the middle of a write. */
final class DiskFile implements StoredFile {

    private final RandomAccessFile file;

    DiskFile(RandomAccessFile file) {
        this.file = file;
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public void read(long offset, byte[] into, int length) throws IOException {
        file.seek(offset);
        file.readFully(into, 0, length);
    }

    @Override
    public void write(long offset, byte[] bytes) throws IOException {
        file.seek(offset);
        file.write(bytes);
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void truncate(long length) throws IOException {
        file.setLength(length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
