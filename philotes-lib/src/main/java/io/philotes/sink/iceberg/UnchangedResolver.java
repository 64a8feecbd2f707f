// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/**
 * Completes rows with the values that an update did not touch, from the data files that hold their older versions: each
 * file is read once, and of it only the missing columns. The files must be closed.
 */
final class UnchangedResolver {

    private final DataFileReader reader;
    private final LiveFiles files;

    UnchangedResolver(DataFileReader reader, LiveFiles files) {
        this.reader = reader;
        this.files = files;
    }

    /** Takes a row that waited, and the whole row, of which nothing is kept. */
    interface Completed {
        void row(WaitingRow waited, RowView whole);
    }

    /**
     * Gives each row as soon as it is complete, in the order of the files: what was read may be large, and that of all rows
     * together larger than the heap. The rows themselves stay as they are.
     *
     * @throws PhilotesException UNCHANGED_UNRESOLVED when an older version is gone, STORAGE_FAILED when a file cannot be read
     */
    void complete(List<WaitingRow> rows, Completed taker) {
        Map<Integer, List<WaitingRow>> byFile = new TreeMap<>();
        for (WaitingRow row : rows) {
            byFile.computeIfAbsent(Location.ordinal(row.source()), ordinal -> new ArrayList<>())
                    .add(row);
        }
        byFile.forEach((ordinal, waiting) -> completeFrom(ordinal, waiting, taker));
    }

    private void completeFrom(int ordinal, List<WaitingRow> rows, Completed taker) {
        LiveFile file = files.at(ordinal);
        if (file == null) {
            throw lost(rows.get(0).row());
        }
        rows.sort(Comparator.comparingLong(row -> Location.position(row.source())));
        Schema projection = missing(rows);
        int[] next = {0};
        reader.read(file.dataFile(), projection, (position, record) -> {
            while (next[0] < rows.size() && Location.position(rows.get(next[0]).source()) == position) {
                WaitingRow waited = rows.get(next[0]++);
                taker.row(waited, filled(waited.row(), record, projection));
            }
            return next[0] < rows.size();
        });
        if (next[0] < rows.size()) {
            throw lost(rows.get(next[0]).row());
        }
    }

    private static RowView filled(RowView waiting, Record record, Schema projection) {
        RowView whole = waiting.detached();
        for (int fieldId : waiting.unchangedFieldIds()) {
            whole.fill(fieldId, record.getField(projection.findColumnName(fieldId)));
        }
        return whole;
    }

    private static Schema missing(List<WaitingRow> rows) {
        Set<Integer> fieldIds = new TreeSet<>();
        rows.forEach(row -> fieldIds.addAll(row.row().unchangedFieldIds()));
        Schema schema = rows.get(0).row().layout().schema();
        List<Types.NestedField> fields =
                fieldIds.stream().map(id -> schema.asStruct().field(id)).toList();
        return new Schema(fields);
    }

    private static PhilotesException lost(RowView row) {
        return new PhilotesException(
                        ErrorCode.UNCHANGED_UNRESOLVED, "Cannot complete an updated row: its old version is gone")
                .inTable(row.layout().relation().table());
    }
}
