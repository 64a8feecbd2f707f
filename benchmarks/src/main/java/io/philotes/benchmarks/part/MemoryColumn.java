// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import io.philotes.sink.iceberg.internal.parquet.BitColumn;
import io.philotes.sink.iceberg.internal.parquet.BytesColumn;
import io.philotes.sink.iceberg.internal.parquet.FileColumns;
import io.philotes.sink.iceberg.internal.parquet.FixedColumn;
import io.philotes.sink.iceberg.internal.parquet.NumberColumn;
import java.util.function.IntConsumer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A flat column's values in arrays, as the writer of files takes them. Immutable once read. */
final class MemoryColumn {

    private final PrimitiveTypeName type;
    private final boolean[] present;
    private final long[] numbers;
    private final byte[][] bytes;

    private MemoryColumn(PrimitiveTypeName type, int rows) {
        boolean isBytes = type == PrimitiveTypeName.BINARY || type == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        this.type = type;
        this.present = new boolean[rows];
        this.numbers = new long[isBytes ? 0 : rows];
        this.bytes = new byte[isBytes ? rows : 0][];
    }

    /** Takes the next values of a reader. */
    static MemoryColumn read(ColumnDescriptor descriptor, ColumnReader reader, int rows) {
        MemoryColumn column = new MemoryColumn(descriptor.getPrimitiveType().getPrimitiveTypeName(), rows);
        for (int row = 0; row < rows; row++) {
            column.present[row] = reader.getCurrentDefinitionLevel() == descriptor.getMaxDefinitionLevel();
            if (column.present[row]) {
                column.take(reader, row);
            }
            reader.consume();
        }
        return column;
    }

    private void take(ColumnReader reader, int row) {
        switch (type) {
            case INT64 -> numbers[row] = reader.getLong();
            case INT32 -> numbers[row] = reader.getInteger();
            case BOOLEAN -> numbers[row] = reader.getBoolean() ? 1 : 0;
            case DOUBLE -> numbers[row] = Double.doubleToLongBits(reader.getDouble());
            case FLOAT -> numbers[row] = Float.floatToIntBits(reader.getFloat());
            case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes[row] = reader.getBinary().getBytes();
            default -> throw new IllegalStateException("a column of type " + type);
        }
    }

    /** What adds the value of a row to the file's column. */
    IntConsumer into(ColumnDescriptor leaf, FileColumns file) {
        return switch (type) {
            case BOOLEAN -> {
                BitColumn bits = file.bits(leaf);
                yield orNull(row -> bits.add(numbers[row] == 1), bits::addNull);
            }
            case BINARY -> {
                BytesColumn texts = file.bytes(leaf);
                yield orNull(row -> texts.add(bytes[row], 0, bytes[row].length), texts::addNull);
            }
            case FIXED_LEN_BYTE_ARRAY -> {
                FixedColumn fixed = file.fixed(leaf);
                yield orNull(row -> fixed.add(bytes[row], 0, bytes[row].length), fixed::addNull);
            }
            default -> {
                NumberColumn column = file.numbers(leaf);
                yield orNull(row -> column.add(numbers[row]), column::addNull);
            }
        };
    }

    private IntConsumer orNull(IntConsumer value, Runnable none) {
        return row -> {
            if (present[row]) {
                value.accept(row);
            } else {
                none.run();
            }
        };
    }
}
