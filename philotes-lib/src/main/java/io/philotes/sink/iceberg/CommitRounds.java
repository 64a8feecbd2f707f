// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.sink.CommitResult;
import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import java.util.List;
import org.apache.iceberg.catalog.Catalog;

/** Commits a sink's tables: each by itself, or all by one request where that was asked for. Used by one thread. */
final class CommitRounds {

    /** What to do about a catalog that cannot. */
    static final String HINT = "take commit.atomic out, or use a REST catalog whose server has transactions/commit";

    private final Catalog catalog;
    private final SinkSettings settings;
    private final BoundedCalls calls;
    private CommonCommit common;

    CommitRounds(Catalog catalog, SinkSettings settings, BoundedCalls calls) {
        this.catalog = catalog;
        this.settings = settings;
        this.calls = calls;
    }

    /**
     * Finds how to commit all tables at once, when that was asked for: who relies on it must not go without.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when the catalog cannot, CATALOG_UNREACHABLE
     */
    void open() {
        if (settings.atomic()) {
            common = calls.await(
                    ErrorCode.CATALOG_UNREACHABLE,
                    "find how all tables are committed at once",
                    () -> CommonCommit.of(catalog).orElseThrow(this::impossible));
        }
    }

    private PhilotesException impossible() {
        return new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION, "Cannot commit all tables at once: " + problem(catalog))
                .hinting(HINT);
    }

    /** What to say of a catalog that has no {@link CommonCommit}. */
    static String problem(Catalog catalog) {
        return "catalog " + catalog.name() + " commits tables one by one only";
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
                ? new CommonRound(calls, common, settings.commitRetry())
                : new CommitRound(calls);
    }
}
