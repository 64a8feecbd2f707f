// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;

/** Reads rows back from data files, all columns that have a source. One row at a time; confined to one thread. */
final class RowReader {

    private final DataFileReader reader;
    private final List<Integer> fieldIds;
    private final TombstoneColumn tombstone;
    private final Schema projection;
    private final RowView row;

    /** Takes a row, which is valid until the method returns. */
    interface RowAt {
        void row(long location, RowView row);
    }

    RowReader(DataFileReader reader, RowLayout layout) {
        this.reader = reader;
        this.fieldIds = layout.sourceFieldIds();
        this.tombstone = new TombstoneColumn(layout);
        this.projection = tombstone.with(new Schema(fieldIds.stream()
                .map(id -> layout.schema().asStruct().field(id))
                .toList()));
        this.row = layout.newRow();
    }

    /** Gives every row of a file that the table has not deleted and that is no tombstone. Throws STORAGE_FAILED. */
    void read(LiveFile file, RowAt consumer) {
        reader.read(file.dataFile(), projection, (position, record) -> {
            if (!file.deleted().isDeleted(position) && !tombstone.isSet(record)) {
                fill(record);
                consumer.row(Location.of(file.ordinal(), position), row);
            }
            return true;
        });
    }

    private void fill(Record record) {
        row.clear();
        for (int i = 0; i < fieldIds.size(); i++) {
            row.fill(fieldIds.get(i), record.get(i));
        }
    }
}
