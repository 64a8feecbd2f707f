// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the rows that a sink set aside. Thread-safe; several processes may use one at the same time, one of them a running
 * pipeline. What a method did is durable when it returns.
 *
 * <p>The engine may rely on: a row that was added is there after any crash, once; {@link #move} is atomic for each letter. Every
 * method throws {@link io.philotes.error.PhilotesException} with {@code DEAD_LETTERS_FAILED} when the storage fails, and
 * nothing, or for {@link #add} a beginning, was done then.
 */
public interface DeadLetterQueue extends AutoCloseable {

    /** Takes possession; creates what is missing. Called once, before anything else. */
    void open(String pipeline);

    /** Adds letters, in this order; one whose id is there already is left as it stands. */
    void add(List<DeadLetter> letters);

    /**
     * Letters in the order of sink, table and place.
     *
     * @param after only letters behind this one; empty for the first page
     * @param limit at most so many
     */
    List<DeadLetter> list(DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit);

    Optional<DeadLetter> find(DeadLetter.Id id);

    long count(DeadLetterFilter filter);

    /**
     * Moves letters to another state, each only if it stands in {@code from}; others are left alone.
     *
     * @param replay what {@link DeadLetter#replay} becomes
     * @param attempted whether {@link DeadLetter#attempts} rises by one
     * @return how many moved
     */
    int move(Collection<DeadLetter.Id> ids, DeadLetterState from, DeadLetterState to, String replay, boolean attempted);

    /** Removes letters for good. @return how many there were */
    int remove(Collection<DeadLetter.Id> ids);

    /** Lets the storage go. Idempotent; does not throw. */
    @Override
    void close();
}
