// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Outcome;
import io.philotes.sink.iceberg.internal.call.BoundedCall;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Commits many tables at one position, each by itself, in parallel, and waits for all of them. Used once, by the apply thread. */
class CommitRound {

    private final BoundedCalls calls;

    CommitRound(BoundedCalls calls) {
        this.calls = calls;
    }

    /** The outcome of each table; after an interrupt, unknown for those that had not ended, and the flag is set again. */
    final CommitResult commit(List<CommittingTable> tables) {
        completeRows(tables.stream().filter(CommittingTable::hasWaitingRows).toList());
        run(tables);
        Map<TableId, Outcome> outcomes = new TreeMap<>();
        tables.forEach(table -> outcomes.put(table.source(), table.outcome()));
        return new CommitResult(outcomes);
    }

    /** Brings each table that is open to its outcome. */
    void run(List<CommittingTable> tables) {
        each(open(tables), CommittingTable::commit);
    }

    /** Those that have no outcome yet. */
    static List<CommittingTable> open(List<CommittingTable> tables) {
        return tables.stream().filter(CommittingTable::isOpen).toList();
    }

    /**
     * What a few updates did not touch may be spread over all of a large table, and to read it take longer than a commit may.
     * So that is done before, a few tables at a time, and as long as it gets on; or each attempt would come to nothing.
     */
    private void completeRows(List<CommittingTable> tables) {
        for (int from = 0; from < tables.size(); from += calls.parallelism()) {
            int to = Math.min(tables.size(), from + calls.parallelism());
            Map<CommittingTable, BoundedCall<Optional<Outcome>>> running = new LinkedHashMap<>();
            tables.subList(from, to).forEach(table -> running.put(table, calls.begin(table::completeRows)));
            running.forEach((table, call) -> awaitRows(table, call).ifPresent(table::end));
        }
    }

    private Optional<Outcome> awaitRows(CommittingTable table, BoundedCall<Optional<Outcome>> call) {
        try {
            return call.await(calls.deadline());
        } catch (ExecutionException e) {
            return Optional.of(Outcome.unknown(BoundedCalls.unknown(table.source(), e.getCause())));
        } catch (TimeoutException e) {
            call.giveUp();
            String why = "Cannot complete updated rows: nothing moved for " + calls.deadline();
            return Optional.of(
                    Outcome.unknown(new PhilotesException(ErrorCode.STORAGE_FAILED, why, e).inTable(table.source())));
        } catch (InterruptedException e) {
            call.giveUp();
            Thread.currentThread().interrupt();
            return Optional.of(Outcome.unknown(BoundedCalls.unknown(table.source(), e)));
        }
    }

    /** Takes the step with each table, and waits for all of them. */
    final void each(Collection<CommittingTable> tables, CommittingTable.Step step) {
        Map<CommittingTable, CompletableFuture<Optional<Outcome>>> running = new LinkedHashMap<>();
        for (CommittingTable table : tables) {
            try {
                running.put(table, calls.start(() -> step.of(table)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                table.end(Outcome.unknown(BoundedCalls.unknown(table.source(), e)));
            }
        }
        running.forEach((table, end) -> await(table, end).ifPresent(table::end));
    }

    private static Optional<Outcome> await(CommittingTable table, CompletableFuture<Optional<Outcome>> end) {
        try {
            return end.get();
        } catch (ExecutionException e) {
            return Optional.of(Outcome.unknown(BoundedCalls.unknown(table.source(), e.getCause())));
        } catch (InterruptedException e) {
            // The table's state goes to somebody else: the worker must not go on with it.
            end.cancel(true);
            Thread.currentThread().interrupt();
            return Optional.of(Outcome.unknown(BoundedCalls.unknown(table.source(), e)));
        }
    }

    final BoundedCalls calls() {
        return calls;
    }
}
