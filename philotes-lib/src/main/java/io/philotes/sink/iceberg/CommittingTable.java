// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.metrics.PipelineMetrics.CommitOutcome;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult.Outcome;
import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.CommitReconciler.Landed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One table in one round of commits. Its steps run on workers, one at a time, and each tells the table's outcome as soon as
 * there is one; who has it, the apply thread, keeps it here. After a step that did not come back its state is void.
 */
final class CommittingTable {

    private final MirroredTable table;
    private final SinkContext context;
    private final CommitRetry retry;
    private final Lsn upTo;
    private Instant began;
    private StagedCommit staged;
    private CommitReconciler reconciler;
    private PreparedCommit prepared;
    private Outcome outcome;

    CommittingTable(MirroredTable table, SinkContext context, CommitRetry retry, Lsn upTo) {
        this.table = table;
        this.context = context;
        this.retry = retry;
        this.upTo = upTo;
    }

    /** What a worker does for a table; empty while there is no outcome. */
    @FunctionalInterface
    interface Step {
        Optional<Outcome> of(CommittingTable table) throws InterruptedException;
    }

    TableId source() {
        return table.source();
    }

    /** Whether {@link #completeRows} has something to do. */
    boolean hasWaitingRows() {
        return table.writer().hasWaitingRows();
    }

    /** Reads what rows wait for, so that the commit need not. */
    Optional<Outcome> completeRows() throws InterruptedException {
        return failing(() -> {
            table.writer().settle();
            return Optional.empty();
        });
    }

    /** Commits it alone. */
    Optional<Outcome> commit() throws InterruptedException {
        return failing(() -> {
            stage();
            return Optional.of(landed(reconciler.commit()));
        });
    }

    /** Brings it to where it only needs to be sent with the others; has an outcome when an earlier attempt landed after all. */
    Optional<Outcome> prepare() throws InterruptedException {
        return failing(() -> {
            stage();
            prepared = reconciler.prepare().orElse(null);
            return reconciler.landed().map(this::landed);
        });
    }

    /** Looks whether what was sent is in the table. */
    Optional<Outcome> settle(CommitVerdict verdict) throws InterruptedException {
        return failing(() -> reconciler.settle(verdict).map(this::landed));
    }

    /** The outcome is the failure of another; nothing of this table was made. */
    Optional<Outcome> leave(PhilotesException why) throws InterruptedException {
        return failing(() -> {
            throw why;
        });
    }

    /** The part of the request; it goes out now. */
    PreparedCommit sending() {
        reconciler.sending();
        return prepared;
    }

    private void stage() {
        if (staged == null) {
            staged = table.writer().stage(upTo);
            reconciler = new CommitReconciler(table.target(), table.writer(), staged, retry);
        }
    }

    private Outcome landed(Landed where) {
        table.writer().landed(staged, where);
        tell(staged.rows(), CommitOutcome.SUCCESS);
        return Outcome.committed(upTo, staged.rows());
    }

    private interface Work {
        Optional<Outcome> run() throws InterruptedException;
    }

    private Optional<Outcome> failing(Work work) throws InterruptedException {
        boolean ended = false;
        began = began == null ? context.clock().instant() : began;
        try {
            Optional<Outcome> end = work.run();
            ended = true;
            return end;
        } catch (PhilotesException e) {
            ended = true;
            return Optional.of(failed(e));
        } finally {
            if (!ended) {
                forget(CommitOutcome.FAILURE);
            }
        }
    }

    private Outcome failed(PhilotesException failure) {
        forget(failure.code() == ErrorCode.COMMIT_REFUSED ? CommitOutcome.CONFLICT : CommitOutcome.FAILURE);
        boolean mayPass = failure.recovery() == Recovery.RECONCILE || failure.recovery() == Recovery.RETRY;
        return mayPass ? Outcome.unknown(failure) : Outcome.held(failure);
    }

    /** A full disk would never be free again if every attempt left its files there. */
    private void forget(CommitOutcome told) {
        if (reconciler == null || !reconciler.hasSent()) {
            table.writer().reset();
        }
        if (reconciler != null) {
            reconciler.forget();
        }
        tell(0, told);
    }

    private void tell(long rows, CommitOutcome how) {
        Duration took = Duration.between(began, context.clock().instant());
        context.metrics().committed(source(), rows, took, how);
    }

    boolean isOpen() {
        return outcome == null;
    }

    void end(Outcome how) {
        outcome = how;
    }

    /** Null while it is open. */
    Outcome outcome() {
        return outcome;
    }
}
