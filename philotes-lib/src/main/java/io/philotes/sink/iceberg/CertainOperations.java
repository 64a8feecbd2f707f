// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

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
 * Does not believe a catalog that says that a commit was refused, before it has looked. Catalog clients send a commit again
 * by themselves: the JDBC catalog when its connection broke, the REST client when it is told to. When the first was made and
 * only its reply was lost, the second is refused, and Iceberg would delete the manifests that the table now needs.
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

    /** As the real commit; but returns when a refused commit turns out to have been made, and is unknown when nobody can tell. */
    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        try {
            real().commit(base, last.apply(metadata));
        } catch (RuntimeException refusal) {
            if (!(refusal instanceof CleanableFailure) || !hasLanded(metadata.currentSnapshot(), refusal)) {
                throw refusal;
            }
        }
    }

    private boolean hasLanded(Snapshot sent, RuntimeException refusal) {
        try {
            return sent != null && real().refresh().snapshot(sent.snapshotId()) != null;
        } catch (RuntimeException e) {
            refusal.addSuppressed(e);
            throw new CommitStateUnknownException(refusal);
        }
    }
}
