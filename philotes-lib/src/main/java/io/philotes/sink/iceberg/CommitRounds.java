// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.sink.CommitResult;
import io.philotes.sink.SinkContext;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Catalog;

/** Commits a sink's tables: each by itself, or all by one request where that was asked for. Used by one thread. */
final class CommitRounds {

    /** What to do about {@link #problem}. */
    static final String HINT = "take commit.atomic out, or use a REST catalog whose server has transactions/commit";

    private final Catalog catalog;
    private final SinkSettings settings;
    private final BoundedCalls calls;

    CommitRounds(Catalog catalog, SinkSettings settings, BoundedCalls calls) {
        this.catalog = catalog;
        this.settings = settings;
        this.calls = calls;
    }

    /**
     * Whoever asked for it must not take for granted what never happens.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when all tables are to be committed at once, and the catalog cannot
     */
    void require() {
        problem(catalog, settings).ifPresent(problem -> {
            throw new PhilotesException(ErrorCode.INVALID_CONFIGURATION, "Cannot commit atomically: " + problem)
                    .hinting(HINT);
        });
    }

    /** Why what was asked for cannot be done. */
    static Optional<String> problem(Catalog catalog, SinkSettings settings) {
        return settings.atomic() && CommonCommit.of(catalog).isEmpty()
                ? Optional.of("catalog " + catalog.name() + " commits tables one by one only")
                : Optional.empty();
    }

    /** The outcome of each table. */
    CommitResult commit(List<MirroredTable> tables, SinkContext context, Lsn upTo) {
        List<CommittingTable> all = tables.stream()
                .map(table -> new CommittingTable(table, context, settings.commitRetry(), upTo))
                .toList();
        return round(all.size()).commit(all);
    }

    private CommitRound round(int tables) {
        return settings.atomic() && tables > 1
                ? new CommonRound(calls, CommonCommit.of(catalog).orElseThrow(), settings.commitRetry())
                : new CommitRound(calls);
    }
}
