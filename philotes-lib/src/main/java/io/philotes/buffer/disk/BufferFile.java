// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import java.io.Closeable;
import java.io.IOException;

/** One open file of a {@link BufferDirectory}; confined to one thread. */
interface BufferFile extends Closeable {

    long length() throws IOException;

    /** Reads exactly {@code length} bytes; throws {@link java.io.EOFException} when there are fewer. */
    void read(long offset, byte[] into, int from, int length) throws IOException;

    /** Writes all bytes, or throws having written any number of them. */
    void write(long offset, byte[] bytes, int from, int length) throws IOException;

    /** Makes everything written durable. After a failure nobody knows what is. */
    void force() throws IOException;

    void truncate(long length) throws IOException;
}
