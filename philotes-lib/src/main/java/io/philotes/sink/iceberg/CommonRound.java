// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.sink.CommitResult;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits many tables at one position by one request, so that a reader finds them all at it or none. Everything that each
 * table needs is written first; then one request refers to all of it, and each table is looked at, whatever the answer was.
 *
 * <p>Exactly once does not lean on the catalog's promise: each table's part is refused unless its head is what it was planned
 * on, and carries the table's own batch id. A catalog that makes only some of the parts costs readers the common cut; the
 * others are sent again.
 *
 * <p>A table that needs a person leaves the round, for it stays behind anyway; after any other failure nothing is sent.
 */
final class CommonRound extends CommitRound {

    private static final Logger LOG = LoggerFactory.getLogger(CommonRound.class);

    private final CommonCommit catalog;
    private final CommitRetry retry;
    private final Backoff backoff;
    private long end;
    private CommitVerdict verdict;
    private int timesGone;
    private Throwable refusal;

    CommonRound(BoundedCalls calls, CommonCommit catalog, CommitRetry retry) {
        super(calls);
        this.catalog = catalog;
        this.retry = retry;
        this.backoff = new Backoff(retry);
    }

    @Override
    void run(List<CommittingTable> tables) {
        end = System.nanoTime() + calls().deadline().toNanos();
        for (int attempt = 1; failed(tables).isEmpty() && mayTry(attempt, open(tables)); attempt++) {
            each(open(tables), CommittingTable::prepare);
            if (failed(tables).isEmpty() && !open(tables).isEmpty()) {
                verdict = send(open(tables));
                settle(open(tables));
            }
        }
        Optional<PhilotesException> failed = failed(tables);
        each(open(tables), table -> table.leave(failure(table, failed)));
    }

    /** Why nothing more is sent. A table that is held is no reason: the others would wait as long as it is. */
    private static Optional<PhilotesException> failed(List<CommittingTable> tables) {
        return tables.stream()
                .filter(table -> !table.isOpen())
                .flatMap(table -> table.outcome().failure().stream())
                .filter(failure -> failure.recovery() != Recovery.HOLD_TABLE)
                .findFirst();
    }

    private boolean mayTry(int attempt, List<CommittingTable> tables) {
        if (attempt == 1) {
            return true;
        }
        if (tables.isEmpty() || attempt > retry.attempts() || isFinal() || System.nanoTime() - end >= 0) {
            return false;
        }
        try {
            backoff.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isFinal() {
        return verdict == CommitVerdict.FORBIDDEN || verdict == CommitVerdict.UNKNOWN_CALLER || isNotKnown();
    }

    /** A server may lack the endpoint without having said so. */
    private boolean isNotKnown() {
        return timesGone > 1 || refusal instanceof UnsupportedOperationException;
    }

    /** Null when the catalog said yes. */
    private CommitVerdict send(List<CommittingTable> tables) {
        List<PreparedCommit> parts =
                tables.stream().map(CommittingTable::sending).toList();
        try {
            request(parts);
            return null;
        } catch (ExecutionException e) {
            refusal = e.getCause();
            CommitVerdict answer =
                    refusal instanceof RuntimeException known ? CommitVerdict.of(known) : CommitVerdict.UNKNOWN;
            LOG.info("Commit of {} tables at once is {}: {}", parts.size(), answer, refusal.toString());
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommitVerdict.UNKNOWN;
        }
    }

    private void request(List<PreparedCommit> parts) throws ExecutionException, InterruptedException {
        CompletableFuture<Integer> answer = calls().start(() -> {
            catalog.commit(parts.stream().map(PreparedCommit::toTableCommit).toList());
            return parts.size();
        });
        try {
            answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private void settle(List<CommittingTable> sent) {
        CommitVerdict answer = verdict;
        each(sent, table -> table.settle(answer));
        int left = open(sent).size();
        // A table that is gone is found out by its own look; no such table is a request that nobody knows.
        timesGone = answer == CommitVerdict.GONE && left == sent.size() ? timesGone + 1 : 0;
        if (left > 0 && sent.stream().anyMatch(CommonRound::isCommitted)) {
            LOG.warn(
                    "The catalog made a part of a commit that it was to make as a whole or not at all, {} of {} tables are"
                            + " left: readers may see tables at different positions until these are committed too",
                    left,
                    sent.size());
        }
    }

    private static boolean isCommitted(CommittingTable table) {
        return !table.isOpen() && table.outcome().kind() == CommitResult.Kind.COMMITTED;
    }

    private PhilotesException failure(CommittingTable table, Optional<PhilotesException> failed) {
        if (failed.isPresent()) {
            PhilotesException root = failed.get();
            ErrorCode code = root.recovery() == Recovery.STOP ? ErrorCode.COMMIT_REFUSED : root.code();
            return new PhilotesException(
                            code, "Cannot commit: the same commit failed elsewhere: " + root.getMessage(), root)
                    .inTable(table.source());
        }
        return failure().inTable(table.source());
    }

    private PhilotesException failure() {
        if (isNotKnown()) {
            return failure(ErrorCode.INVALID_CONFIGURATION, "the catalog does not know a commit of all tables at once")
                    .hinting(CommitRounds.HINT);
        }
        if (isFinal()) {
            return failure(ErrorCode.CATALOG_UNREACHABLE, "the catalog does not let all tables be committed at once");
        }
        return verdict == CommitVerdict.UNKNOWN
                ? failure(ErrorCode.COMMIT_UNKNOWN, "the catalog did not say whether it took all tables at once")
                : failure(ErrorCode.COMMIT_REFUSED, "the catalog did not take all tables at once");
    }

    private PhilotesException failure(ErrorCode code, String why) {
        return new PhilotesException(code, "Cannot commit: " + why + answer(), refusal);
    }

    private String answer() {
        if (refusal == null) {
            return "";
        }
        return refusal instanceof TimeoutException
                ? ": no answer within " + calls().deadline()
                : ": " + refusal.getMessage();
    }
}
