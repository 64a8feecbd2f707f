// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Lsn;
import io.philotes.model.TupleView;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.iceberg.internal.value.CdcColumns;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.List;
import org.apache.iceberg.DataFile;

/** Writes rows of a table copy to data files of its own. Confined to one thread until it is closed. */
final class LoadRangeWriter implements RangeWriter {

    private final RowLayout layout;
    private final Lsn consistentPoint;
    private final RowView row;
    private final PartitionedFiles rows;
    private long count;

    LoadRangeWriter(TargetTable target, RowLayout layout, SinkSettings settings, Lsn consistentPoint) {
        this.layout = layout;
        this.consistentPoint = consistentPoint;
        this.row = layout.newRow();
        this.rows = new PartitionedFiles(target.table(), layout, new LiveFiles(), settings.targetFileSizeBytes());
    }

    @Override
    public void write(TupleView tuple) {
        row.decode(tuple);
        if (layout.mode().hasCdcColumns()) {
            origin();
        }
        rows.write(row);
        count++;
    }

    /** A copied row was inserted at some time before the consistent point; when and by whom is not known. */
    private void origin() {
        row.cdc(CdcOperation.INSERT, consistentPoint, 0, 0, 0);
        for (String unknown : List.of(CdcColumns.ORDINAL, CdcColumns.TIMESTAMP, CdcColumns.TRANSACTION_ID)) {
            row.fill(layout.schema().findField(unknown).fieldId(), null);
        }
    }

    @Override
    public void close() {
        rows.closeAll();
    }

    List<DataFile> files() {
        rows.closeAll();
        return rows.closed().stream().map(LiveFile::dataFile).toList();
    }

    long rows() {
        return count;
    }

    void abort() {
        rows.abort();
    }
}
