// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.dlq.DeadLetterRequests;
import io.philotes.model.TableId;
import io.philotes.sink.Sink;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * A started pipeline. Thread-safe.
 *
 * <p>It runs in its own threads until stopped or failed; it installs no shutdown hook and ends no JVM. Many may run in one
 * JVM, each by itself.
 */
public interface Pipeline extends AutoCloseable {

    /** How long {@link #close()} waits for the last commit: less than the 30 s that most supervisors grant. */
    Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(25);

    /** The name that it was given, or the default one. */
    String name();

    /** The pipeline at this moment; never blocks. */
    PipelineStatus status();

    /** Holds still: nothing is read or committed, keepalives are answered, the slot keeps WAL. No-op unless running. */
    void pause();

    /** Goes on after {@link #pause()}, also when the paused session has ended meanwhile. No-op unless paused. */
    void resume();

    /**
     * Copies tables again, in every sink, while the others go on; heals HELD, DIVERGED and NEEDS_RESYNC. Returns at once: the tables' states
     * tell how far it is. Readers see the old content until the new one is complete. A table that is being copied already
     * is copied from the start, once; what is asked for after that is done when that copy has ended. Until the pipeline is
     * RUNNING the wish waits; one that stops before forgets it.
     *
     * @param tables which; empty for all
     * @throws io.philotes.error.PhilotesException TABLE_MISSING when one is not of this pipeline, NOT_RUNNING when the
     *     pipeline is at its end, or in STANDBY: the instance that works is to be asked
     */
    void resync(Collection<TableId> tables);

    /**
     * The same in one sink; the others keep what they have.
     *
     * @throws io.philotes.error.PhilotesException also INVALID_CONFIGURATION when there is no such sink
     */
    void resync(String sink, Collection<TableId> tables);

    /**
     * Adds a sink. It is checked in the calling thread; then its own thread opens it and fills its tables beside the stream,
     * while the others go on. One that this pipeline had before, and whose changes are still kept, goes on from its place.
     *
     * @param name letters, digits, '_' and '-', at most 50; another than those of the other sinks
     * @param sink belongs to the pipeline from here on
     * @throws io.philotes.error.PhilotesException when the check finds an error, OVER_BUDGET when there is no memory for it beside the
     *     others, INVALID_CONFIGURATION when the name is taken,
     *     NOT_RUNNING when the pipeline is at its end, or neither RUNNING nor PAUSED yet; nothing was added then
     */
    void addSink(String name, Sink sink);

    /**
     * Removes a sink: commits what it has, closes it, forgets where its tables are and lets go what the buffer kept for it.
     * Its target stays as it is; a sink that gets the name later begins with copies. Returns when that is done, or at once when
     * a listener calls it; a sink that fails meanwhile is removed without its last commit.
     *
     * @throws io.philotes.error.PhilotesException INVALID_CONFIGURATION when there is no such sink, it is the only one, or it
     *     holds the checkpoints of others; NOT_RUNNING when the pipeline is at its end, or neither RUNNING nor PAUSED yet, or
     *     leaves that state meanwhile or does not end the sink in five minutes: it is removed then as soon as that can be
     */
    void removeSink(String name) throws InterruptedException;

    /**
     * Waits until everything that had committed at the source at the call is committed in every sink, committing without waiting for
     * the interval.
     *
     * @throws io.philotes.error.PhilotesException when the pipeline or a sink fails or the pipeline stops meanwhile, when a table cannot take part
     *     (held, or to be copied again), when it is in STANDBY (SLOT_IN_USE), or when the time is over
     */
    void runUntilCaughtUp(Duration timeout) throws InterruptedException;

    /**
     * What may be asked of the rows that its sinks set aside; empty when it has no queue for them. What is asked for is done
     * with one of the next commits.
     */
    default Optional<DeadLetterRequests> deadLetters() {
        return Optional.empty();
    }

    /**
     * Compares source and target row by row, while both go on: exactly, at one position of the WAL. Reads both sides in full,
     * once, and once more where something differs; keeps an exported snapshot and a temporary slot meanwhile. Rows that
     * change while they are compared are looked at again. Blocks the caller; several may be under way.
     *
     * @throws io.philotes.error.PhilotesException TABLE_MISSING when a table is not of this pipeline, NOT_RUNNING when the
     *     pipeline is at its end, or a sink was not opened yet; SLOT_IN_USE or BUFFER_IN_USE when it is in STANDBY;
     *     NOT_CAUGHT_UP when it does not commit in time, and what source and target throw when they cannot be read
     */
    VerifyReport verify(VerifyRequest request) throws InterruptedException;

    /** Waits until the pipeline is at its end, in whatever way; see {@link #status()} for which. */
    void awaitStopped() throws InterruptedException;

    /**
     * Stops in order: reading ends, what is written is committed, threads end. What is not committed in time is dropped and
     * comes again at the next start. Idempotent; may be called from any thread.
     *
     * @param timeout after which threads are interrupted
     */
    void stop(Duration timeout);

    /** {@link #stop} with {@link #DEFAULT_STOP_TIMEOUT}. */
    @Override
    default void close() {
        stop(DEFAULT_STOP_TIMEOUT);
    }
}
