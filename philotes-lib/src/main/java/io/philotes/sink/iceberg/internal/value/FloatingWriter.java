// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.stream.Stream;
import org.apache.iceberg.DoubleFieldMetrics;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.FloatFieldMetrics;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;

/**
 * Writes a top-level float or double column and keeps its metrics: Parquet gives up its bounds as soon as it meets a NaN, so
 * Iceberg takes bounds and NaN counts from the writer.
 */
final class FloatingWriter implements SlotWriter {

    private final LeafWriter leaf;
    private final int fieldId;
    private final boolean isFloat;
    private final FloatFieldMetrics.Builder floats;
    private final DoubleFieldMetrics.Builder doubles;
    private long nulls;

    FloatingWriter(Types.NestedField field, ColumnDescriptor descriptor) {
        this.leaf = new LeafWriter(field.type(), descriptor);
        this.fieldId = field.fieldId();
        this.isFloat = field.type().typeId() == TypeID.FLOAT;
        this.floats = new FloatFieldMetrics.Builder(fieldId);
        this.doubles = new DoubleFieldMetrics.Builder(fieldId);
    }

    static boolean takes(Type type) {
        return type.typeId() == TypeID.FLOAT || type.typeId() == TypeID.DOUBLE;
    }

    @Override
    public void write(Slots slots, int at, int repetitionLevel) {
        leaf.write(slots, at, repetitionLevel);
        if (slots.isNull(at)) {
            nulls++;
        } else if (isFloat) {
            floats.addValue(Float.intBitsToFloat((int) slots.number(at)));
        } else {
            doubles.addValue(Double.longBitsToDouble(slots.number(at)));
        }
    }

    @Override
    public void setColumnStore(ColumnWriteStore store) {
        leaf.setColumnStore(store);
    }

    @Override
    public Stream<FieldMetrics<?>> metrics() {
        return Stream.of(isFloat ? withNulls(floats.build()) : withNulls(doubles.build()));
    }

    private <T> FieldMetrics<T> withNulls(FieldMetrics<T> values) {
        return new FieldMetrics<>(
                fieldId,
                values.valueCount() + nulls,
                nulls,
                values.nanValueCount(),
                values.lowerBound(),
                values.upperBound(),
                values.originalType());
    }
}
