// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;

/**
 * Which table, and which sequence number of it, the marker in a table's properties speaks of. Properties survive a rollback
 * and may be copied to another table; when the table snapshots that would tell are expired, this still does. Immutable.
 *
 * @param table the table's UUID
 * @param sequenceNumber the sequence number of the commit, or a smaller one
 */
record Standing(UUID table, long sequenceNumber) {

    static final String PROPERTY = "philotes.standing";

    /** Of a row delta that is committed within a transaction. */
    static Standing in(Transaction transaction, UUID table) {
        return new Standing(table, transaction.table().currentSnapshot().sequenceNumber());
    }

    /** Empty when the newest commit is of a version that did not write it. */
    static Optional<Standing> in(Map<String, String> properties) {
        return Optional.ofNullable(properties.get(PROPERTY)).map(Standing::parse);
    }

    private static Standing parse(String text) {
        int slash = text.indexOf('/');
        return new Standing(UUID.fromString(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
    }

    String text() {
        return table + "/" + sequenceNumber;
    }

    /** Whether the table cannot hold what was committed then: it is another one, or its head is older. */
    boolean isLostIn(Table now) {
        Snapshot head = now.currentSnapshot();
        return !table.equals(now.uuid()) || head == null || head.sequenceNumber() < sequenceNumber;
    }
}
