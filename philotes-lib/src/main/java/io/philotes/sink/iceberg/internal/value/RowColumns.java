// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.ColumnFile;
import io.philotes.sink.iceberg.internal.parquet.FileColumns;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;

/** Writes rows' slots straight into the columns of a {@link ColumnFile}. One per file; confined to one thread. */
final class RowColumns implements ColumnFile.RowWriter<RowView> {

    private final FieldColumn[] columns;
    private final int[] positions;

    RowColumns(RowLayout layout, MessageType message, FileColumns file) {
        int count = message.getFieldCount();
        this.columns = new FieldColumn[count];
        this.positions = new int[count];
        for (int i = 0; i < count; i++) {
            org.apache.parquet.schema.Type column = message.getType(i);
            positions[i] = layout.requirePosition(column.getId().intValue());
            columns[i] = column(layout.fields().get(positions[i]), column.getName(), message, file);
        }
    }

    private static FieldColumn column(Types.NestedField field, String name, MessageType message, FileColumns file) {
        List<ColumnDescriptor> leaves = message.getColumns().stream()
                .filter(leaf -> leaf.getPath()[0].equals(name))
                .toList();
        Type type = field.type();
        if (!TypeMapping.isScalar(type)) {
            return NestedColumns.in(file, RowParquetWriter.writer(field, name, message));
        }
        ColumnDescriptor leaf = leaves.get(0);
        return switch (leaf.getPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> new BitField(file.bits(leaf));
            case INT32, INT64 -> new NumberField(file.numbers(leaf));
            case FLOAT, DOUBLE -> new FloatingField(field, file.numbers(leaf));
            case BINARY -> new BytesField(file.bytes(leaf));
            case FIXED_LEN_BYTE_ARRAY -> new FixedField(file.fixed(leaf));
            default -> throw new IllegalArgumentException("no slot holds " + type);
        };
    }

    @Override
    public void write(RowView row) {
        row.requireWritable();
        Slots slots = row.slots();
        for (int i = 0; i < columns.length; i++) {
            columns[i].add(slots, positions[i]);
        }
    }

    @Override
    public Stream<FieldMetrics<?>> metrics() {
        return Arrays.stream(columns).flatMap(FieldColumn::metrics);
    }
}
