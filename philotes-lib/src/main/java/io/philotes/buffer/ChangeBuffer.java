// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.StorePlace;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds batches between capture and the sinks, durably or not. One thread appends, one thread per reader reads, any thread
 * may ask for positions; {@link #trim} is safe from any thread.
 *
 * <p>The caller may rely on: batches come out as they went in, each once per reader; a transaction that went in as parts
 * comes out only after its last part went in, but for {@link BufferReader#pollAhead}; what {@link #durableUpTo()} covers survives what the buffer promises to
 * survive. It may not rely on: a batch object's identity, on each of several empty batches in a row (a later one may stand
 * for those before it, and one that says nothing new is dropped), or on anything at or below {@link #trimmedUpTo()}.
 *
 * <p>Batches come in order: their end LSNs rise, a part follows the part it goes on from. Anything else is a defect of the
 * caller and is refused with {@link io.philotes.error.ErrorCode#DEFECT}, with nothing changed.
 *
 * <p>The marks only rise: {@code trimmedUpTo ≤ durableUpTo ≤ appendedUpTo}, except that a buffer which survives nothing
 * answers {@code durableUpTo = trimmedUpTo}.
 */
public interface ChangeBuffer extends AutoCloseable {

    /**
     * Takes possession of the storage and finds what an earlier run left: whole transactions only, an incomplete tail is
     * cut off. Called once, before anything else.
     *
     * @param pipeline the pipeline's name; a store that holds another pipeline's batches refuses
     */
    void open(String pipeline);

    /**
     * Where it lives, when that is a database which a source might capture; empty otherwise. May be asked before it is open.
     *
     * @throws io.philotes.error.PhilotesException when nothing can be stored there: the database does not answer, the directory
     *     cannot be written
     */
    default Optional<StorePlace> place() {
        return Optional.empty();
    }

    /** Whether what is appended survives the death of the process. */
    boolean survivesRestart();

    /**
     * Adds a batch behind the last one.
     *
     * @param patience how long to wait for room
     * @return true when the batch is in, as durable as this buffer gets; false when it is full or closed, and nothing
     *     happened
     * @throws io.philotes.error.PhilotesException when the storage failed. With recovery RETRY nobody knows whether the batch is
     *     in: every mark stays as it was, nothing more is taken, and {@link #discardIncomplete} finds out. With any other the
     *     buffer is finished
     */
    boolean append(ChangeBatch batch, Duration patience) throws InterruptedException;

    /**
     * Drops the parts of a transaction whose last part has not come; called before a stream is opened again. After a failure of
     * recovery RETRY it also takes the storage again and finds out what is there: {@link #appendedUpTo()} answers for it then,
     * and the stream goes on behind it.
     *
     * @throws io.philotes.error.PhilotesException with recovery RETRY when the storage cannot be reached yet: call it again
     *     later; with another when it is lost, or somebody else took it meanwhile
     */
    void discardIncomplete();

    /**
     * Makes sure that nobody took the storage meanwhile; asked before anything is stored that would end who did. Safe from any
     * thread. Default: nothing, for a storage that nobody can take as long as this process lives.
     *
     * @throws io.philotes.error.PhilotesException FENCED when somebody did; with recovery RETRY when that cannot be told now
     */
    default void requireOwned() {}

    /**
     * Makes an empty buffer begin at a position: what ends at or before it will never come. Called after a table copy or
     * when the checkpoint says so; not allowed while batches are held, and never behind {@link #appendedUpTo()}.
     *
     * @throws PhilotesException BUFFER_TRIMMED when {@code position} is before {@link #appendedUpTo()}:
     *     what is between them is no longer here; DEFECT while batches are held
     */
    void startAt(Lsn position);

    /**
     * Forgets everything, the positions included, as if it had never been used: they were of another past of the source.
     * Not allowed while anybody reads or appends.
     */
    default void reset() {
        throw new PhilotesException(
                ErrorCode.DEFECT, "Cannot begin anew: this buffer does not know how; start it with an empty store");
    }

    /** End of the last whole transaction that went in; {@link Lsn#ZERO} when there was none. The stream goes on behind it. */
    Lsn appendedUpTo();

    /** The only position that the source may acknowledge. */
    Lsn durableUpTo();

    /** Everything at or below it is gone. */
    Lsn trimmedUpTo();

    /**
     * Begins to read behind {@code after}. A reader pins nothing by itself: the caller trims no further than its readers
     * allow.
     *
     * @param reader the reader's name, for messages
     * @throws PhilotesException BUFFER_TRIMMED when {@code after} is below {@link #trimmedUpTo()}
     */
    BufferReader reader(String reader, Lsn after);

    /**
     * Forgets everything that ends at or before {@code upTo}; a smaller value than before does nothing, and one behind
     * {@link #appendedUpTo()} counts as that.
     */
    void trim(Lsn upTo);

    /**
     * What keeps {@link #append} from taking more and wants a person: a full disk, a storage that failed. Empty while it takes
     * what comes, and also where only its own limit is reached, which the sink's next commit mends.
     */
    default Optional<PhilotesException> trouble() {
        return Optional.empty();
    }

    /** Bytes held now. */
    long heldBytes();

    /** Bytes at which {@link #append} starts to wait. */
    long limitBytes();

    /** Lets the storage go; waiting readers and the appender return. Idempotent; does not throw. */
    @Override
    void close();
}
