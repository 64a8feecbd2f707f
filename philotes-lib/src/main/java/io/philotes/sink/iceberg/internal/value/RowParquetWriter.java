// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.TripleWriter;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.schema.MessageType;

/** Writes rows' slots straight into Parquet columns. One per file; confined to one thread. */
final class RowParquetWriter implements ParquetValueWriter<RowView> {

    private final SlotWriter[] writers;
    private final int[] positions;

    RowParquetWriter(RowLayout layout, MessageType message) {
        int count = message.getFieldCount();
        this.writers = new SlotWriter[count];
        this.positions = new int[count];
        for (int i = 0; i < count; i++) {
            org.apache.parquet.schema.Type column = message.getType(i);
            positions[i] = layout.requirePosition(column.getId().intValue());
            writers[i] = writer(layout.fields().get(positions[i]), column.getName(), message);
        }
    }

    static SlotWriter writer(Types.NestedField field, String column, MessageType message) {
        List<ColumnDescriptor> leaves = message.getColumns().stream()
                .filter(leaf -> leaf.getPath()[0].equals(column))
                .toList();
        Type type = field.type();
        if (type.isListType() && TypeMapping.isScalar(type.asListType().elementType())) {
            return new ListWriter(type.asListType().elementType(), leaves.get(0), message);
        } else if (FloatingMetrics.takes(type)) {
            return new FloatingWriter(field, leaves.get(0));
        } else if (TypeMapping.isScalar(type)) {
            return new LeafWriter(type, leaves.get(0));
        }
        return new AbsentWriter(leaves);
    }

    /** Writes one row; refuses it whole, before its first value, when a required field is NULL or one is unchanged. */
    @Override
    public void write(int repetitionLevel, RowView row) {
        row.requireWritable();
        Slots slots = row.slots();
        for (int i = 0; i < writers.length; i++) {
            writers[i].write(slots, positions[i], repetitionLevel);
        }
    }

    /** None: Iceberg asks for them only inside structs. */
    @Override
    public List<TripleWriter<?>> columns() {
        return List.of();
    }

    @Override
    public void setColumnStore(ColumnWriteStore store) {
        for (SlotWriter writer : writers) {
            writer.setColumnStore(store);
        }
    }

    @Override
    public Stream<FieldMetrics<?>> metrics() {
        return Arrays.stream(writers).flatMap(SlotWriter::metrics);
    }
}
