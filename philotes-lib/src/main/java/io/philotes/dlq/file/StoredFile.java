// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.Closeable;
import java.io.IOException;

/** An open file: the seam at which tests make the disk fail. For one thread. */
interface StoredFile extends Closeable {

    long length() throws IOException;

    /** @throws java.io.EOFException when the file ends earlier */
    void read(long offset, byte[] into, int length) throws IOException;

    void write(long offset, byte[] bytes) throws IOException;

    /** Makes everything that was written durable. */
    void force() throws IOException;

    void truncate(long length) throws IOException;
}
