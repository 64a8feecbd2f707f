// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits that files take the place of others with the same rows; refused unless the head is the table snapshot that memory
 * mirrors, so no change is lost. Sent once, by the thread that owns the table's state.
 *
 * <p>It leaves the position alone and carries no marker: to every instance of the pipeline, of whatever epoch, it is
 * somebody's compaction, harmless even when it lands late. So an outcome that is not known needs no answer: its files stay,
 * and the next commit finds out.
 */
final class RewriteCommit {

    private static final Logger LOG = LoggerFactory.getLogger(RewriteCommit.class);

    private final TargetTable target;
    private final String batchId = UUID.randomUUID().toString();

    /** What is known of the commit in the end. */
    enum End {
        /** The table mirrors it now. */
        LANDED,
        /** It never will, as the table itself shows, or it was not sent; its files can go. */
        REFUSED,
        /** It may be in the table, or get there. */
        UNKNOWN
    }

    RewriteCommit(TargetTable target) {
        this.target = target;
    }

    /** Names the commit's files. */
    String batchId() {
        return batchId;
    }

    /**
     * Sends it. Throws nothing but INTERRUPTED, when nobody waits any more: then nobody may use the table's state either.
     *
     * @param gone delete files that go with the data files
     * @param added delete files of the new data files
     * @param knownUpTo the table snapshot whose deletes are in them
     */
    End send(CompactedRows rows, Collection<DeleteFile> gone, List<DeleteFile> added, long knownUpTo) {
        CommitVerdict verdict = null;
        try {
            Worker.sending();
            commit(rows, gone, added, knownUpTo);
        } catch (RuntimeException e) {
            if (e instanceof PhilotesException known && known.code() == ErrorCode.INTERRUPTED) {
                throw known;
            }
            verdict = CommitVerdict.of(e);
            LOG.info("Compaction of {} is {}: {}", target.name(), verdict, e.toString());
        }
        End end = look(verdict);
        Worker.answered();
        return end;
    }

    private void commit(CompactedRows rows, Collection<DeleteFile> gone, List<DeleteFile> added, long knownUpTo) {
        Transaction transaction = CertainOperations.newTransaction(target.table());
        ExecutorService tasks = new SharedTasks(target.manifests());
        RewriteFiles rewrite = transaction
                .newRewrite()
                .scanManifestsWith(tasks)
                .writeManifestsWith(tasks, ManifestThreads.parallelism())
                .validateFromSnapshot(knownUpTo);
        rows.sources().forEach(source -> rewrite.deleteFile(source.file().file()));
        gone.forEach(rewrite::deleteFile);
        rows.outputs().forEach(output -> rewrite.addFile(output.file()));
        added.forEach(rewrite::addFile);
        long head = target.head();
        rewrite.validateWith(ancestry -> isHead(ancestry.iterator(), head));
        rewrite.set(Marker.BATCH_ID, batchId);
        rewrite.commit();
        transaction.commitTransaction();
    }

    private static boolean isHead(Iterator<Snapshot> ancestry, long head) {
        return ancestry.hasNext() && ancestry.next().snapshotId() == head;
    }

    private End look(CommitVerdict verdict) {
        End otherwise = verdict == null || verdict == CommitVerdict.UNKNOWN || verdict == CommitVerdict.GONE
                ? End.UNKNOWN
                : End.REFUSED;
        try {
            target.refresh();
        } catch (RuntimeException e) {
            LOG.info("Compaction of {} cannot be looked for: {}", target.name(), e.toString());
            return otherwise;
        }
        Optional<Snapshot> ours = Ancestry.of(target.table(), target.head()).withBatchId(batchId);
        ours.ifPresent(snapshot -> target.mirrors(snapshot.snapshotId()));
        return ours.isPresent() ? End.LANDED : otherwise;
    }
}
