// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import io.philotes.model.StorePlace;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the changes that a sink set aside. Thread-safe; several processes may use one at the same time, one of them a running
 * pipeline. What a method did is durable when it returns, and every other user sees it then.
 *
 * <p>The engine may rely on: a letter that was added is there after any crash, once; {@link #move} is atomic for each letter;
 * no letter that blocks, or was discarded, goes away but by {@link #move} and the engine's own {@link #remove}. Every method
 * but {@link #close} throws {@link io.philotes.error.PhilotesException}: {@code DEAD_LETTERS_FAILED} when the storage fails,
 * and nothing, or a beginning, was done then; {@code DEAD_LETTERS_CORRUPT} when what was stored cannot be read;
 * {@code FORMAT_TOO_NEW}; {@code DEFECT} for a letter of another pipeline; {@code NOT_RUNNING} once closed; a queue in a
 * database also what says that it cannot be reached or used.
 */
public interface DeadLetterQueue extends AutoCloseable {

    /** Names the pipeline whose letters these are. Called once, before anything else. Claims nothing for this process alone. */
    void open(String pipeline);

    /** Adds letters, in this order; one whose id is there already, in whatever state, is left as it stands. */
    void add(List<ParkedChange> letters);

    /**
     * Letters of one sink and table come in the order of their places; the order among sinks and tables is the queue's own,
     * and stays the same.
     *
     * @param after only letters behind this one, which need not be there any more; empty for the first page
     * @param limit at most so many, at least one
     */
    List<DeadLetter> list(DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit);

    /** One letter; empty when there is none. */
    Optional<DeadLetter> find(DeadLetter.Id id);

    /** A letter's change; empty when there is no such letter. The array is the caller's. */
    Optional<byte[]> change(DeadLetter.Id id);

    /** How many letters the filter names. */
    long count(DeadLetterFilter filter);

    /**
     * Moves letters to another state, each only if it stands where the move begins; others are left alone. Of several callers
     * that try the same, each letter is moved by one.
     *
     * @return those that moved, in the order of {@code ids}
     */
    List<DeadLetter.Id> move(Collection<DeadLetter.Id> ids, DeadLetterMove move);

    /**
     * Removes letters for good; one that still {@link DeadLetterState#blocks() blocks} is left alone.
     *
     * @return how many were removed
     */
    int remove(Collection<DeadLetter.Id> ids);

    /**
     * Where it lives, when that is a database which a source might capture; empty otherwise. May be asked before it is open.
     *
     * @throws io.philotes.error.PhilotesException when nothing can be stored there: the database does not answer, the directory
     *     cannot be written
     */
    default Optional<StorePlace> place() {
        return Optional.empty();
    }

    /** Lets the storage go. Idempotent; does not throw. */
    @Override
    void close();
}
