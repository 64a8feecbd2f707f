// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TupleView;
import io.philotes.sink.RangeWriter;
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
    private final LoadParking parking;
    private final ChangeKeys keys;
    private long count;

    LoadRangeWriter(
            TargetTable target, RowLayout layout, SinkSettings settings, Lsn consistentPoint, LoadParking parking) {
        this.parking = parking;
        this.keys = LoadParking.keys(layout);
        this.layout = layout;
        this.consistentPoint = consistentPoint;
        this.row = layout.newRow();
        this.rows = new PartitionedFiles(target::renewed, layout, new LiveFiles(), settings.targetFileSizeBytes());
    }

    @Override
    public void write(TupleView tuple) {
        try {
            row.decode(tuple);
            if (layout.mode().hasCdcColumns()) {
                CopiedRow.stamp(row, consistentPoint);
            }
            rows.write(row);
            count++;
        } catch (PhilotesException e) {
            parking.take(tuple, keys, e);
        }
    }

    /** Writes what goes before the rows of a copy into a history that has some. */
    void writeEndOfBefore() {
        CopiedRow.endOfBefore(row, consistentPoint);
        rows.write(row);
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
