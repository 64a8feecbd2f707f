// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Writes one primitive column. */
final class LeafWriter implements SlotWriter {

    /** Writes a slot's value. */
    private interface Put {
        void put(ColumnWriter column, Slots slots, int at, int repetitionLevel, int definitionLevel);
    }

    private final ColumnDescriptor descriptor;
    private final int definitionLevel;
    private final Put put;
    private ColumnWriter column;

    LeafWriter(Type type, ColumnDescriptor descriptor) {
        this.descriptor = descriptor;
        this.definitionLevel = descriptor.getMaxDefinitionLevel();
        this.put = put(type, descriptor);
    }

    private static Put put(Type type, ColumnDescriptor descriptor) {
        return switch (type.typeId()) {
            case BOOLEAN -> (column, slots, at, rl, dl) -> column.write(slots.number(at) != 0, rl, dl);
            case INTEGER, DATE -> (column, slots, at, rl, dl) -> column.write((int) slots.number(at), rl, dl);
            case LONG, TIME, TIMESTAMP -> (column, slots, at, rl, dl) -> column.write(slots.number(at), rl, dl);
            case FLOAT ->
                (column, slots, at, rl, dl) -> column.write(Float.intBitsToFloat((int) slots.number(at)), rl, dl);
            case DOUBLE ->
                (column, slots, at, rl, dl) -> column.write(Double.longBitsToDouble(slots.number(at)), rl, dl);
            case DECIMAL -> decimal((Types.DecimalType) type, descriptor);
            case STRING, BINARY, UUID -> LeafWriter::bytes;
            default -> throw new IllegalArgumentException("no slot holds " + type);
        };
    }

    private static Put decimal(Types.DecimalType type, ColumnDescriptor descriptor) {
        if (!DecimalSlot.isNumber(type.precision())) {
            return LeafWriter::bytes;
        }
        return descriptor.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32
                ? (column, slots, at, rl, dl) -> column.write((int) slots.number(at), rl, dl)
                : (column, slots, at, rl, dl) -> column.write(slots.number(at), rl, dl);
    }

    /** "Reused": Parquet copies what it keeps, so the bytes may stay in somebody else's array. */
    private static void bytes(ColumnWriter column, Slots slots, int at, int repetitionLevel, int definitionLevel) {
        Binary value = Binary.fromReusedByteArray(slots.array(at), slots.offset(at), slots.length(at));
        column.write(value, repetitionLevel, definitionLevel);
    }

    @Override
    public void write(Slots slots, int at, int repetitionLevel) {
        if (slots.isNull(at)) {
            column.writeNull(repetitionLevel, definitionLevel - 1);
        } else {
            put.put(column, slots, at, repetitionLevel, definitionLevel);
        }
    }

    /** Writes that the column's value ends at a level above it: no list, or an empty one. */
    void writeAbsent(int repetitionLevel, int presentLevel) {
        column.writeNull(repetitionLevel, presentLevel);
    }

    @Override
    public void setColumnStore(ColumnWriteStore store) {
        column = store.getColumnWriter(descriptor);
    }
}
