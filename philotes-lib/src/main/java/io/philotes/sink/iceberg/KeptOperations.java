// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.function.UnaryOperator;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/**
 * Keeps what a transaction would send, so that it can go together with those of other tables. To the transaction its outcome
 * is unknown then, which is why Iceberg deletes nothing of what it wrote. For one transaction, confined to one thread.
 */
final class KeptOperations extends ForwardingOperations {

    private final UnaryOperator<TableMetadata> last;
    private TableMetadata base;
    private TableMetadata updated;

    private KeptOperations(TableOperations real, UnaryOperator<TableMetadata> last) {
        super(real);
        this.last = last;
    }

    /** For the table's next transaction; {@code last} has the last word on the metadata. */
    static KeptOperations of(Table table, UnaryOperator<TableMetadata> last) {
        return new KeptOperations(((HasTableOperations) table).operations(), last);
    }

    Transaction newTransaction(String table) {
        return Transactions.newTransaction(table, this);
    }

    @Override
    public void commit(TableMetadata from, TableMetadata to) {
        base = from;
        updated = last.apply(to);
        throw new CommitStateUnknownException(new IllegalStateException("kept back"));
    }

    /** Commits the transaction as far as that it is kept; throws what fails before. */
    PreparedCommit prepare(Transaction transaction, TargetTable target) {
        try {
            transaction.commitTransaction();
        } catch (CommitStateUnknownException e) {
            if (updated == null) {
                throw e;
            }
        }
        if (updated == null) {
            throw new IllegalStateException("a transaction that changes nothing");
        }
        return new PreparedCommit(target.name(), base, updated);
    }
}
