// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link Pipeline#verify} compares. Immutable; each method gives a changed copy.
 *
 * @param tables which; empty for all
 * @param sink whose targets; empty for every sink
 * @param maxRounds how often keys that changed meanwhile are looked at again
 * @param maxListed differing rows that are named, per table
 * @param withValues whether the values of rows that differ are told, and not only their keys
 * @param patience how long a round waits for the pipeline to commit what the source held at its begin
 */
public record VerifyRequest(
        List<TableId> tables,
        Optional<String> sink,
        int maxRounds,
        int maxListed,
        boolean withValues,
        Duration patience) {

    /** A key that changes all the time is rarely unlucky so often. */
    public static final int DEFAULT_MAX_ROUNDS = 5;

    /** Enough to see a pattern. */
    public static final int DEFAULT_MAX_LISTED = 20;

    /** Many times the longest usual commit interval. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

    public VerifyRequest {
        tables = List.copyOf(tables);
        Objects.requireNonNull(sink, "sink");
        Objects.requireNonNull(patience, "patience");
        if (maxRounds < 1 || maxListed < 0 || patience.isNegative()) {
            throw new IllegalArgumentException("at least one round, and nothing negative");
        }
    }

    /** These tables, all of the pipeline when there is none, with the defaults. */
    public static VerifyRequest of(Collection<TableId> tables) {
        return new VerifyRequest(
                List.copyOf(tables), Optional.empty(), DEFAULT_MAX_ROUNDS, DEFAULT_MAX_LISTED, false, DEFAULT_PATIENCE);
    }

    /** The targets of one sink only. */
    public VerifyRequest sink(String name) {
        return new VerifyRequest(tables, Optional.of(name), maxRounds, maxListed, withValues, patience);
    }

    /** Looks again at most so often, at least once; default {@link #DEFAULT_MAX_ROUNDS}. */
    public VerifyRequest maxRounds(int rounds) {
        return new VerifyRequest(tables, sink, rounds, maxListed, withValues, patience);
    }

    /** Names at most so many rows of a table; default {@link #DEFAULT_MAX_LISTED}. */
    public VerifyRequest maxListed(int rows) {
        return new VerifyRequest(tables, sink, maxRounds, rows, withValues, patience);
    }

    /** Tells values too: they may be confidential. */
    public VerifyRequest withAllValues() {
        return new VerifyRequest(tables, sink, maxRounds, maxListed, true, patience);
    }

    /** Waits at most so long for a commit; default {@link #DEFAULT_PATIENCE}. */
    public VerifyRequest patience(Duration limit) {
        return new VerifyRequest(tables, sink, maxRounds, maxListed, withValues, limit);
    }
}
