// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Reads a lake's tables with Iceberg's own generic reader, which knows nothing of how they were written. */
public final class Lake {

    private Lake() {}

    /** All rows of the current table snapshot, the named columns as PostgreSQL's text. */
    public static List<List<String>> rows(Table table, List<String> columns) {
        table.refresh();
        return table.currentSnapshot() == null
                ? List.of()
                : rows(table, table.currentSnapshot().snapshotId(), columns);
    }

    /** All rows of one table snapshot, the named columns as PostgreSQL's text. */
    public static List<List<String>> rows(Table table, long snapshotId, List<String> columns) {
        List<List<String>> rows = new ArrayList<>();
        for (Record record : records(table, snapshotId)) {
            List<String> row = new ArrayList<>(columns.size());
            for (String column : columns) {
                row.add(PgText.of(record.getField(column)));
            }
            rows.add(row);
        }
        return rows;
    }

    public static List<Record> records(Table table, long snapshotId) {
        try (CloseableIterable<Record> scan =
                IcebergGenerics.read(table).useSnapshot(snapshotId).build()) {
            List<Record> records = new ArrayList<>();
            scan.forEach(r -> records.add(r.copy()));
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ids of every table snapshot on the way to the current one, oldest first. */
    public static List<Long> history(Table table) {
        table.refresh();
        List<Long> ids = new ArrayList<>();
        for (Snapshot s = table.currentSnapshot(); s != null; s = parent(table, s)) {
            ids.add(0, s.snapshotId());
        }
        return ids;
    }

    private static Snapshot parent(Table table, Snapshot snapshot) {
        return snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId());
    }
}
