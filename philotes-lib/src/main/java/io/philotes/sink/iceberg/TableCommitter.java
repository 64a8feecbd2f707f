// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteWriteResult;

/**
 * Sends one commit of one table, or prepares it for being sent with others: a row delta and the marker in the table's properties, in one transaction that is refused
 * unless the table's head is still the table snapshot that the deletes were planned on. Stateless but for its table.
 */
final class TableCommitter {

    private final TargetTable target;
    private final SnapshotExpiry expiry;

    TableCommitter(TargetTable target, SnapshotExpiry expiry) {
        this.target = target;
        this.expiry = expiry;
    }

    /** One attempt; throws what the catalog throws. {@code plannedOn} is null for a table without snapshots. */
    void send(StagedCommit staged, DeleteWriteResult deletes, Long plannedOn, CommitSide side) {
        Transaction transaction = CertainOperations.newTransaction(target.table(), expiry::trim);
        fill(transaction, staged, deletes, plannedOn, side);
        transaction.commitTransaction();
    }

    /** The same but for the request, which is for somebody else to send. */
    PreparedCommit prepare(StagedCommit staged, DeleteWriteResult deletes, Long plannedOn, CommitSide side) {
        KeptOperations kept = KeptOperations.of(target.table(), expiry::trim);
        Transaction transaction = kept.newTransaction(target.table().name());
        fill(transaction, staged, deletes, plannedOn, side);
        return kept.prepare(transaction, target);
    }

    private void fill(
            Transaction transaction, StagedCommit staged, DeleteWriteResult deletes, Long plannedOn, CommitSide side) {
        ExecutorService tasks = new SharedTasks(target.manifests());
        side.before(transaction);
        RowDelta delta = transaction
                .newRowDelta()
                .scanManifestsWith(tasks)
                .writeManifestsWith(tasks, ManifestThreads.parallelism());
        staged.added().forEach(delta::addRows);
        deletes.deleteFiles().forEach(delta::addDeletes);
        deletes.rewrittenDeleteFiles().forEach(delta::removeDeletes);
        if (plannedOn != null && staged.replacesAll()) {
            remove(delta, plannedOn, file -> true);
        } else if (plannedOn != null
                && side.replaced().filter(plannedOn::equals).isPresent()) {
            long sequence = target.table().snapshot(plannedOn).sequenceNumber();
            remove(delta, plannedOn, file -> file.dataSequenceNumber() == sequence);
        }
        guard(delta, deletes, plannedOn);
        staged.marker().toMap().forEach(delta::set);
        delta.commit();
        UpdateProperties properties = transaction.updateProperties();
        staged.marker().toMap().forEach(properties::set);
        properties.set(
                Standing.PROPERTY, Standing.in(transaction, target.uuid()).text());
        TargetProperties.missingBounds(target.properties()).forEach(properties::set);
        properties.commit();
        side.divergence().ifPresent(reason -> TargetProperties.noteDivergence(transaction, reason));
    }

    private static void guard(RowDelta delta, DeleteWriteResult deletes, Long plannedOn) {
        delta.validateWith(ancestry -> isHead(ancestry.iterator(), plannedOn));
        if (plannedOn != null) {
            delta.validateFromSnapshot(plannedOn)
                    .validateDataFilesExist(deletes.referencedDataFiles())
                    .validateDeletedFiles()
                    .validateNoConflictingDataFiles()
                    .validateNoConflictingDeleteFiles();
        }
    }

    private static boolean isHead(Iterator<Snapshot> ancestry, Long plannedOn) {
        if (plannedOn == null) {
            return !ancestry.hasNext();
        }
        return ancestry.hasNext() && ancestry.next().snapshotId() == plannedOn;
    }

    private void remove(RowDelta delta, long plannedOn, Predicate<DataFile> which) {
        try (CloseableIterable<FileScanTask> tasks = target.table()
                .newScan()
                .planWith(target.manifests())
                .useSnapshot(plannedOn)
                .planFiles()) {
            for (FileScanTask task : tasks) {
                if (which.test(task.file())) {
                    delta.removeRows(task.file());
                    task.deletes().forEach(delta::removeDeletes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
