// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.apache.iceberg.io.SeekableInputStream;

/** Reads a file from anywhere. Not on a channel: an interrupt would close that under the reader. */
final class LocalInputStream extends SeekableInputStream {

    private final RandomAccessFile file;

    LocalInputStream(File file) throws FileNotFoundException {
        this.file = new RandomAccessFile(file, "r");
    }

    @Override
    public long getPos() throws IOException {
        return file.getFilePointer();
    }

    @Override
    public void seek(long position) throws IOException {
        file.seek(position);
    }

    @Override
    public int read() throws IOException {
        return file.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return file.read(bytes, offset, length);
    }

    @Override
    public long skip(long count) throws IOException {
        long from = file.getFilePointer();
        long to = Math.max(from, Math.min(file.length(), from + Math.max(0, count)));
        file.seek(to);
        return to - from;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, file.length() - file.getFilePointer()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
