// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;

/** Writes NULL for a field whose type no slot holds: somebody else's column, always NULL in rows of ours. */
final class AbsentWriter implements SlotWriter {

    private final List<ColumnDescriptor> descriptors;
    private List<ColumnWriter> columns = List.of();

    AbsentWriter(List<ColumnDescriptor> descriptors) {
        this.descriptors = descriptors;
    }

    @Override
    public void write(Slots slots, int at, int repetitionLevel) {
        for (ColumnWriter column : columns) {
            column.writeNull(repetitionLevel, 0);
        }
    }

    @Override
    public void setColumnStore(ColumnWriteStore store) {
        columns = descriptors.stream().map(store::getColumnWriter).toList();
    }
}
