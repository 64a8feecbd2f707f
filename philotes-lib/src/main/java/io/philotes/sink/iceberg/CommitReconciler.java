// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.DeleteWriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one commit of one table to an end that is known: sends it, and whatever the catalog answers, looks at the table
 * before it goes on. Confined to one worker; on any exception the table's state in memory is void.
 *
 * <p>A late reply cannot hurt: every attempt is refused unless the head is the table snapshot that it was planned on, and
 * all attempts on one head add the same files under one batch id. So at most one of them lands, and the walk from the head
 * back to the planned snapshot finds it.
 */
final class CommitReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(CommitReconciler.class);

    private final TargetTable target;
    private final CommitSide side;
    private final StagedCommit staged;
    private final CommitRetry retry;
    private final Backoff backoff;
    private final SnapshotExpiry expiry;
    private final List<DoubtedRefusal> doubted = new ArrayList<>();
    private DeleteWriteResult deletes;
    private PreparedCommit prepared;
    private Landed landed;
    private RuntimeException refusal;
    private boolean sent;

    /** Where a commit landed, and the deletes that went with it. */
    record Landed(long snapshotId, DeleteWriteResult deletes) {}

    CommitReconciler(TargetTable target, CommitSide side, StagedCommit staged, CommitRetry retry) {
        this.target = target;
        this.side = side;
        this.staged = staged;
        this.retry = retry;
        this.backoff = new Backoff(retry);
        this.expiry = target.keeper().expiry(target.context().clock());
    }

    /**
     * Sends it, alone, and returns when it has landed.
     *
     * @throws PhilotesException COMMIT_UNKNOWN, COMMIT_REFUSED (gave up), FENCED, FOREIGN_OWNER, TABLE_ROLLED_BACK,
     *     TARGET_UNUSABLE, STORAGE_FAILED, CATALOG_UNREACHABLE
     */
    Landed commit() throws InterruptedException {
        for (int attempt = 1; attempt <= retry.attempts(); attempt++) {
            Worker.step();
            writeDeletes();
            if (settle(send()).isPresent()) {
                return landed;
            }
            backoff.await();
        }
        throw gaveUp();
    }

    /**
     * Brings it to where it only needs to be sent, with those of other tables; then {@link #settle} must follow. Empty when a
     * request of an earlier attempt {@link #landed} meanwhile. Throws as {@link #commit} does.
     */
    Optional<PreparedCommit> prepare() throws InterruptedException {
        for (int attempt = 1; attempt <= retry.attempts(); attempt++) {
            Worker.step();
            writeDeletes();
            try {
                prepared = new TableCommitter(target, expiry).prepare(staged, deletes, target.head(), side);
                return Optional.of(prepared);
            } catch (RuntimeException e) {
                if (settle(verdict(e)).isPresent()) {
                    return Optional.empty();
                }
            }
            backoff.await();
        }
        throw gaveUp();
    }

    /** Others need not be to blame: a clock, a full disk or a catalog that only reads may be. */
    private PhilotesException gaveUp() {
        RuntimeException said = refusal instanceof DoubtedRefusal unclear ? unclear.refusal() : refusal;
        boolean refused = said != null && CommitVerdict.of(said) == CommitVerdict.REFUSED;
        return new PhilotesException(
                        refused ? ErrorCode.COMMIT_REFUSED : ErrorCode.COMMIT_UNKNOWN,
                        "Cannot commit: no attempt got into the table, attempts=" + retry.attempts()
                                + (said == null ? "" : ", the last one: " + said.getMessage()),
                        refusal)
                .inTable(target.source());
    }

    /**
     * Looks whether it landed, in this or an earlier attempt; when others came first, memory follows them.
     *
     * @param verdict what the catalog said, null when that was yes
     */
    Optional<Landed> settle(CommitVerdict verdict) throws InterruptedException {
        look();
        doubted.removeIf(refused -> refused.discard(target));
        Ancestry ancestry = Ancestry.of(target.table(), target.head());
        Optional<Snapshot> ours = ancestry.withBatchId(staged.marker().batchId());
        if (ours.isPresent()) {
            target.keeper().expired(target, expiry.gone(target.table()));
            target.requireColumns();
            landed = new Landed(ours.get().snapshotId(), deletes);
            return landed();
        }
        target.requireOurs(ancestry, staged.marker());
        target.context().metrics().commitRetried(target.source(), CommitVerdict.retry(verdict));
        if (!ancestry.since().isEmpty()) {
            if (verdict == CommitVerdict.REFUSED) {
                drop();
            }
            deletes = null;
            side.follow(ancestry);
        }
        prepared = null;
        return Optional.empty();
    }

    /** Where it landed, as far as that was seen. */
    Optional<Landed> landed() {
        return Optional.ofNullable(landed);
    }

    private void writeDeletes() {
        if (deletes != null) {
            return;
        }
        try {
            deletes = new DeleteWriter(
                            target.table(), side.files(), staged.marker().batchId())
                    .write(staged.deletes());
        } catch (IOException | RuntimeException e) {
            throw new PhilotesException(ErrorCode.STORAGE_FAILED, "Cannot write delete files: " + e.getMessage(), e)
                    .inTable(target.source());
        }
    }

    /** What was prepared is about to be sent. */
    void sending() {
        sent = true;
    }

    /** Whether the catalog was asked at all; until then no file of the commit can be in the table. */
    boolean hasSent() {
        return sent;
    }

    /** Null when the catalog said yes. */
    private CommitVerdict send() {
        sending();
        try {
            new TableCommitter(target, expiry).send(staged, deletes, target.head(), side);
            return null;
        } catch (RuntimeException e) {
            return verdict(e);
        }
    }

    private CommitVerdict verdict(RuntimeException e) {
        refusal = e;
        CommitVerdict verdict = CommitVerdict.of(e);
        LOG.info("Commit of {} is {}: {}", target.name(), verdict, e.toString());
        if (e instanceof DoubtedRefusal unclear) {
            doubted.add(unclear);
            requireAdmitted(unclear.refusal());
        } else {
            requireAdmitted(e);
        }
        return verdict;
    }

    /** Who is not let in need not send again, whatever became of the commit. */
    private void requireAdmitted(RuntimeException answer) {
        switch (CommitVerdict.of(answer)) {
            case GONE -> throw target.gone(answer);
            case FORBIDDEN -> throw refused(ErrorCode.TARGET_UNUSABLE, "not allowed", answer);
            case UNKNOWN_CALLER ->
                throw refused(ErrorCode.CATALOG_UNREACHABLE, "the catalog does not accept who asks", answer);
            case REFUSED, UNKNOWN -> {}
        }
    }

    private PhilotesException refused(ErrorCode code, String why, RuntimeException answer) {
        return new PhilotesException(code, "Cannot commit: " + why + ": " + answer.getMessage(), answer)
                .inTable(target.source());
    }

    /** Refreshes until the catalog answers. */
    private void look() throws InterruptedException {
        for (int look = 1; ; look++) {
            try {
                target.refresh();
                return;
            } catch (PhilotesException e) {
                throw e;
            } catch (RuntimeException e) {
                if (look == retry.looks()) {
                    throw new PhilotesException(
                                    ErrorCode.COMMIT_UNKNOWN,
                                    "Cannot tell whether a commit landed: " + e.getMessage(),
                                    e)
                            .inTable(target.source());
                }
                backoff.await();
            }
        }
    }

    /** Removes what was written for it, when the catalog was never asked to refer to that. */
    void forget() {
        if (!sent && deletes != null) {
            drop();
        }
    }

    /**
     * Only of an attempt that is known not to have landed, and never will: others came first, and even if somebody rolled them
     * back, its sequence number is taken.
     */
    private void drop() {
        StorageCleanup.delete(
                target.table().io(),
                deletes.deleteFiles().stream()
                        .map(DeleteFile::location)
                        .distinct()
                        .toList());
        if (prepared != null) {
            prepared.discard(target.table().io());
        }
    }
}
