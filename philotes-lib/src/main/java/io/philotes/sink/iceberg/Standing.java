// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;

/**
 * Which table snapshot of which table the marker in a table's properties speaks of. Properties survive a rollback, and may be
 * copied to another table; this tells whether what was committed then is in the table still. Immutable.
 *
 * @param table the table's UUID
 * @param snapshotId the commit's table snapshot
 */
record Standing(UUID table, long snapshotId) {

    static final String PROPERTY = "philotes.standing";

    /** Whether the table still stands on a commit. */
    enum Proof {
        /** The commit is behind the head. */
        STANDS,
        /** The head was moved back, or this is another table. */
        LOST,
        /** Too much has expired to tell. */
        UNKNOWN
    }

    /** Of a row delta that is committed within a transaction. */
    static Standing in(Transaction transaction, UUID table) {
        return new Standing(table, transaction.table().currentSnapshot().snapshotId());
    }

    /** Empty when the newest commit is of a version that did not write it. Throws TARGET_UNUSABLE when it is damaged. */
    static Optional<Standing> in(Map<String, String> properties) {
        return Optional.ofNullable(properties.get(PROPERTY)).map(Standing::parse);
    }

    private static Standing parse(String text) {
        int slash = text.indexOf('/');
        try {
            return new Standing(UUID.fromString(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw TargetProperties.damaged(PROPERTY, e);
        }
    }

    String text() {
        return table + "/" + snapshotId;
    }

    /** Looks at the head's ancestors, and where those have expired, at the heads that older metadata files tell of. */
    Proof proofIn(Table now) {
        Snapshot at = now.currentSnapshot();
        if (!table.equals(now.uuid()) || at == null) {
            return Proof.LOST;
        }
        while (at.snapshotId() != snapshotId) {
            if (at.parentId() == null) {
                return Proof.LOST;
            }
            Snapshot parent = now.snapshot(at.parentId());
            if (parent == null) {
                return ofHeads(now);
            }
            at = parent;
        }
        return Proof.STANDS;
    }

    private Proof ofHeads(Table now) {
        TableMetadata metadata = ((HasTableOperations) now).operations().current();
        return new HeadHistory(now.io(), metadata).proof(snapshotId);
    }
}
