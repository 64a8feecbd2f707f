// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/**
 * Does not believe a catalog that says that a commit was refused, before the table shows why. Catalog clients send a commit again
 * by themselves: the JDBC catalog when its connection broke, the REST client when it is told to. When the first was made and
 * only its reply was lost, the second is refused, and Iceberg would delete the manifests that the table now needs. To look once
 * is not enough: a cache, or a replica of the catalog's database, may show the table as it was before.
 *
 * <p>As thread-safe as what it wraps.
 */
final class CertainOperations extends ForwardingOperations {

    private final UnaryOperator<TableMetadata> last;

    private CertainOperations(TableOperations real, UnaryOperator<TableMetadata> last) {
        super(real);
        this.last = last;
    }

    /** A transaction that deletes its files only when it is known that the table does not have them. */
    static Transaction newTransaction(Table table) {
        return newTransaction(table, UnaryOperator.identity());
    }

    /** The same; {@code last} has the last word on the metadata, in each attempt. */
    static Transaction newTransaction(Table table, UnaryOperator<TableMetadata> last) {
        TableOperations real = ((HasTableOperations) table).operations();
        return Transactions.newTransaction(table.name(), new CertainOperations(real, last));
    }

    /**
     * As the real commit; but returns when a refused commit turns out to have been made, and leaves open whether it was, by an
     * exception that makes Iceberg keep its files, unless others are seen to have come first.
     */
    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        try {
            real().commit(base, last.apply(metadata));
        } catch (RuntimeException refusal) {
            Snapshot sent = metadata.currentSnapshot();
            // Without a table snapshot of its own it has no files that the table could miss.
            boolean hasFiles = !Objects.equals(sent, base.currentSnapshot());
            if (!hasFiles || !(refusal instanceof CleanableFailure) || !hasLanded(base, metadata, refusal)) {
                throw refusal;
            }
        }
    }

    /** False when others came first, which is when the refusal holds. */
    private boolean hasLanded(TableMetadata base, TableMetadata metadata, RuntimeException refusal) {
        try {
            Snapshot sent = metadata.currentSnapshot();
            TableMetadata now = real().refresh();
            if (isOutrun(sent, now)) {
                return false;
            }
            if (now.snapshot(sent.snapshotId()) != null) {
                return true;
            }
        } catch (RuntimeException e) {
            refusal.addSuppressed(e);
            throw new CommitStateUnknownException(refusal);
        }
        throw new DoubtedRefusal(refusal, base, metadata);
    }

    /**
     * Whether it never lands, nor did: others came first, and even if somebody rolled them back, its sequence number is taken.
     * The head must lead back to one that took its place: where the way is lost, it may have been made, and have expired.
     */
    static boolean isOutrun(Snapshot sent, TableMetadata now) {
        if (now.snapshot(sent.snapshotId()) != null) {
            return false;
        }
        Snapshot at = now.currentSnapshot();
        while (at != null && !Objects.equals(at.parentId(), sent.parentId())) {
            at = at.parentId() == null ? null : now.snapshot(at.parentId());
        }
        return at != null && now.lastSequenceNumber() >= sent.sequenceNumber();
    }
}
