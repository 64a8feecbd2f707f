// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Where one pipeline's letters lie: a file, another beside it that will replace it, and a lock. */
interface LetterStorage {

    /** Whether there is a file; asked without the lock. */
    boolean exists();

    /**
     * Waits until no other user, of this process or another, holds the lock. Creates nothing but the lock's own file, and
     * that only for a writer.
     *
     * @throws io.philotes.error.PhilotesException INTERRUPTED, or DEAD_LETTERS_FAILED after a long wait
     */
    Closeable lock() throws IOException;

    /** The file; empty when there is none. */
    Optional<StoredFile> open() throws IOException;

    /**
     * A new empty file beside the one that {@link #open} opens; an older one there is lost. Empty when it would belong to
     * another owner than that one: an administrator's command must not take the file from the service.
     */
    Optional<StoredFile> createBeside() throws IOException;

    /** Puts the file beside in the place of the file, durably. */
    void replace() throws IOException;

    /** The file's name for messages. */
    String describe();
}
