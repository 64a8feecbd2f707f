// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The directory that a buffer owns: the seam through which all its I/O goes, so that tests can script faults. */
interface BufferDirectory {

    /**
     * Takes possession, creating the directory when there is none.
     *
     * @throws io.philotes.error.PhilotesException BUFFER_IN_USE when another buffer owns it
     */
    void lock() throws IOException;

    /** Lets the possession go. Idempotent; does not throw. */
    void unlock();

    /** The names of the files in it. */
    List<String> names() throws IOException;

    /** Opens a file for reading and writing, creating it when there is none. */
    BufferFile open(String name) throws IOException;

    /** Opens a file for reading; throws {@link java.nio.file.NoSuchFileException} when there is none. */
    BufferFile openForReading(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Makes creations and deletions durable. */
    void force() throws IOException;

    /** Whether a failed write of about {@code needed} bytes failed for want of space. */
    boolean isFull(IOException failure, long needed);

    /** Bytes that may still be written to the disk; {@link Long#MAX_VALUE} when nobody knows. */
    long freeBytes();

    /** Bytes of the whole disk; {@link Long#MAX_VALUE} when nobody knows. */
    long totalBytes();

    /** Why files can be kept neither in it nor in one that would be made; empty when they can. Creates nothing. */
    Optional<String> whyNotWritable();

    /** A file's full name, for messages. */
    String describe(String name);
}
