// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TupleView;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Transaction;

/**
 * The rows of one table copy that do not fit, as inserts before every change of the stream: at the consistent point, with a
 * negative ordinal that the key gives, so the same row has the same place however often a copy under this point is repeated.
 * Only mirrors with a key set rows aside here. Thread-safe.
 */
final class LoadParking {

    private final RelationSchema relation;
    private final Lsn consistentPoint;
    private final int max;
    private final Map<SequenceNumber, ParkedRow> rows = new TreeMap<>();

    LoadParking(RelationSchema relation, Lsn consistentPoint, int max) {
        this.relation = relation;
        this.consistentPoint = consistentPoint;
        this.max = max;
    }

    /** For one range writer; null when rows have no key by which to set them aside. */
    static ChangeKeys keys(RowLayout layout) {
        boolean keyed =
                layout.mode().mirrors() && !layout.schema().identifierFieldIds().isEmpty();
        return keyed ? new ChangeKeys(layout, ChangeKeys.fieldIds(layout.schema())) : null;
    }

    /** The first place behind which rows of the copy, and then the stream's, are set aside. */
    static SequenceNumber floor(Lsn consistentPoint) {
        return new SequenceNumber(consistentPoint, Long.MIN_VALUE);
    }

    /** Sets a row aside, or throws its failure. */
    void take(TupleView row, ChangeKeys keys, PhilotesException failure) {
        if (max == 0 || keys == null || failure.recovery() != Recovery.DEAD_LETTER) {
            throw failure;
        }
        String key = keys.of(row);
        ParkedRow parked = new ParkedRow(
                relation.table(),
                new SequenceNumber(consistentPoint, ordinal(key)),
                new TreeSet<>(List.of(key)),
                CopiedRow.insert(relation, consistentPoint, row),
                Optional.of(failure));
        synchronized (rows) {
            boolean isNew = rows.putIfAbsent(parked.at(), parked) == null;
            if (!isNew || rows.size() > max) {
                throw new PhilotesException(
                                ErrorCode.TARGET_UNUSABLE,
                                "Cannot copy the table: more than " + max + " of its rows do not fit; the last: "
                                        + failure.reason(),
                                failure)
                        .inTable(relation.table())
                        .hinting(failure.hint());
            }
        }
    }

    /** FNV-1a over the text with the sign set; two rows of one copy that meet are refused above. */
    private static long ordinal(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return hash | Long.MIN_VALUE;
    }

    List<ParkedRow> rows() {
        synchronized (rows) {
            return List.copyOf(rows.values());
        }
    }

    /** Says in the target that whatever was set aside before the copy is void, and what the copy set aside. */
    void put(Transaction transaction) {
        boolean matters =
                max > 0 || TargetProperties.parkedRows(transaction.table().properties()) > 0;
        if (matters) {
            transaction
                    .updateProperties()
                    .set(TargetProperties.PARKED_OPEN, digest().toString())
                    .set(TargetProperties.PARKED_FROM, floor(consistentPoint).toString())
                    .commit();
        }
    }

    private ParkedDigest digest() {
        return ParkedDigest.of(open(), new SequenceNumber(consistentPoint, 0));
    }

    /** Each place with its row's keys. */
    Map<SequenceNumber, SortedSet<String>> open() {
        Map<SequenceNumber, SortedSet<String>> open = new TreeMap<>();
        rows().forEach(row -> open.put(row.at(), row.keys()));
        return open;
    }
}
