// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.metrics.PipelineMetrics.CommitOutcome;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Outcome;
import io.philotes.sink.SinkContext;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Commits many tables at one position, in parallel, and waits for all of them. Used once, by the apply thread. */
final class CommitRound {

    private final BoundedCalls calls;
    private final SinkContext context;
    private final CommitRetry retry;
    private final Lsn upTo;

    CommitRound(BoundedCalls calls, SinkContext context, CommitRetry retry, Lsn upTo) {
        this.retry = retry;
        this.calls = calls;
        this.context = context;
        this.upTo = upTo;
    }

    /** The outcome of each table; after an interrupt, unknown for those that had not ended, and the flag is set again. */
    CommitResult commit(List<MirroredTable> tables) {
        Map<TableId, CompletableFuture<Outcome>> running = new LinkedHashMap<>();
        Map<TableId, Outcome> outcomes = new TreeMap<>();
        for (MirroredTable table : tables) {
            try {
                running.put(table.source(), calls.start(() -> commit(table)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                outcomes.put(table.source(), Outcome.unknown(BoundedCalls.unknown(table.source(), e)));
            }
        }
        running.forEach((table, end) -> outcomes.put(table, await(table, end)));
        return new CommitResult(outcomes);
    }

    private Outcome commit(MirroredTable table) throws InterruptedException {
        Instant began = context.clock().instant();
        TableWriter writer = table.writer();
        CommitOutcome told = CommitOutcome.FAILURE;
        long rows = 0;
        CommitReconciler reconciler = new CommitReconciler(table.target(), writer, retry);
        try {
            StagedCommit staged = writer.stage(upTo);
            CommitReconciler.Landed landed = reconciler.commit(staged);
            rows = staged.rows();
            writer.landed(staged, landed);
            told = CommitOutcome.SUCCESS;
            return Outcome.committed(upTo, rows);
        } catch (PhilotesException e) {
            return failed(e);
        } finally {
            if (!reconciler.hasSent()) {
                // A full disk would never be free again if every attempt left its files there.
                writer.reset();
            }
            context.metrics()
                    .committed(
                            table.source(),
                            rows,
                            Duration.between(began, context.clock().instant()),
                            told);
        }
    }

    private static Outcome failed(PhilotesException failure) {
        boolean mayPass = failure.recovery() == Recovery.RECONCILE || failure.recovery() == Recovery.RETRY;
        return mayPass ? Outcome.unknown(failure) : Outcome.held(failure);
    }

    private Outcome await(TableId table, CompletableFuture<Outcome> end) {
        try {
            return end.get();
        } catch (ExecutionException e) {
            return Outcome.unknown(BoundedCalls.unknown(table, e.getCause()));
        } catch (InterruptedException e) {
            // The table's state goes to somebody else: the worker must not go on with it.
            end.cancel(true);
            Thread.currentThread().interrupt();
            return Outcome.unknown(BoundedCalls.unknown(table, e));
        }
    }
}
