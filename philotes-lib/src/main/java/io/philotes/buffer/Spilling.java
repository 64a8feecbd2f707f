// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The transaction whose parts are coming in, and what went wrong with it. Guarded by the buffer's lock, but for
 * {@link #trouble}.
 */
final class Spilling {

    private final Path directory;
    private final long aheadBytes;
    private final long keptBytes;
    private SpilledTransaction incomplete;
    private volatile PhilotesException failure;

    /**
     * @param directory where files go; null for the system's temporary directory
     * @param aheadBytes from which size on readers may go ahead
     * @param keptBytes up to which size a transaction needs no file
     */
    Spilling(Path directory, long aheadBytes, long keptBytes) {
        this.directory = directory;
        this.aheadBytes = aheadBytes;
        this.keptBytes = keptBytes;
    }

    boolean isOpen() {
        return incomplete != null;
    }

    /** The transaction that is coming in, once it is so large that readers go ahead; else null. */
    SpilledTransaction ahead() {
        return incomplete != null && incomplete.bytes() >= aheadBytes ? incomplete : null;
    }

    /** Refuses everything after a failure that no room mends, until {@link #discard}. */
    void requireUsable() {
        if (failure != null && failure.code() != ErrorCode.BUFFER_FULL) {
            throw failure;
        }
    }

    /** Adds a part; false, with nothing changed, when the disk is full. */
    boolean add(ChangeBatch part) {
        SpilledTransaction into = incomplete;
        try {
            into = into == null ? new SpilledTransaction(directory, keptBytes) : into;
            into.add(part);
        } catch (IOException e) {
            if (incomplete == null && into != null) {
                into.release();
            }
            failure = SpilledTransaction.failure(directory, e);
            requireUsable();
            return false;
        }
        incomplete = into;
        failure = null;
        return true;
    }

    /** The transaction, whose last part has come; another one may begin. */
    SpilledTransaction take() {
        SpilledTransaction whole = incomplete;
        incomplete = null;
        return whole;
    }

    /** Drops what has come and forgets what went wrong: it comes again. Returns its bytes. */
    long discard() {
        failure = null;
        if (incomplete == null) {
            return 0;
        }
        long bytes = incomplete.bytes();
        incomplete.release();
        incomplete = null;
        return bytes;
    }

    Optional<PhilotesException> trouble() {
        return Optional.ofNullable(failure);
    }
}
