// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.Optional;

/**
 * An open stream of changes. Owned by one thread, the capture loop's; nothing here is thread-safe.
 *
 * <p>Batches arrive in commit order, each transaction once per stream and whole (or in consecutive parts that say so). The
 * caller owns a batch it was given. A stream that threw is finished: close it and open another one from the last boundary;
 * a transaction of which only parts had arrived comes again from its start.
 *
 * <p>The stream never acknowledges on its own: only {@link #acknowledge} moves the slot.
 */
public interface ChangeStream extends AutoCloseable {

    /**
     * Waits for changes, answering the server's keepalives meanwhile. An empty batch says that nothing happened up to its
     * end LSN.
     *
     * @param timeout how long to wait for the first message
     * @return the next batch, or null when nothing came
     * @throws io.philotes.error.PhilotesException when the connection is lost (RETRY) or what arrived cannot be understood
     */
    ChangeBatch poll(Duration timeout) throws InterruptedException;

    /**
     * Tells PostgreSQL that everything ending at or before {@code upTo} may be forgotten; becomes
     * {@code confirmed_flush_lsn}. A smaller value than before is ignored. Also answers keepalives, so a caller that waits
     * for room calls it again and again.
     */
    void acknowledge(Lsn upTo);

    /** The server's WAL end as the last message told it; {@link Lsn#ZERO} before the first. */
    Lsn walEnd();

    /**
     * Who sends, as it said over this very connection before it began: compared with what is known before anything is
     * taken. Empty when the source cannot tell.
     */
    default Optional<SourceIdentity> identity() {
        return Optional.empty();
    }

    /** Ends the stream and its connection. Idempotent; does not throw. */
    @Override
    void close();
}
