// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A flat column's values in arrays, as near to Parquet's writers as values can be. Immutable once read. */
final class MemoryColumn {

    private final ColumnDescriptor descriptor;
    private final PrimitiveTypeName type;
    private final boolean[] present;
    private final long[] integers;
    private final double[] floats;
    private final Binary[] binaries;

    private MemoryColumn(ColumnDescriptor descriptor, int rows) {
        this.descriptor = descriptor;
        this.type = descriptor.getPrimitiveType().getPrimitiveTypeName();
        boolean isFloat = type == PrimitiveTypeName.DOUBLE || type == PrimitiveTypeName.FLOAT;
        boolean isBinary = type == PrimitiveTypeName.BINARY || type == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        this.present = new boolean[rows];
        this.floats = new double[isFloat ? rows : 0];
        this.binaries = new Binary[isBinary ? rows : 0];
        this.integers = new long[isFloat || isBinary ? 0 : rows];
    }

    /** Takes the next values of a reader. */
    static MemoryColumn read(ColumnDescriptor descriptor, ColumnReader reader, int rows) {
        MemoryColumn column = new MemoryColumn(descriptor, rows);
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
            case INT64 -> integers[row] = reader.getLong();
            case INT32 -> integers[row] = reader.getInteger();
            case BOOLEAN -> integers[row] = reader.getBoolean() ? 1 : 0;
            case DOUBLE -> floats[row] = reader.getDouble();
            case FLOAT -> floats[row] = reader.getFloat();
            case BINARY, FIXED_LEN_BYTE_ARRAY ->
                binaries[row] = reader.getBinary().copy();
            default -> throw new IllegalStateException("a column of type " + type);
        }
    }

    ColumnDescriptor descriptor() {
        return descriptor;
    }

    /** Writes a range. */
    void write(ColumnWriter writer, int from, int to) {
        int defined = descriptor.getMaxDefinitionLevel();
        for (int row = from; row < to; row++) {
            if (!present[row]) {
                writer.writeNull(0, defined - 1);
                continue;
            }
            switch (type) {
                case INT64 -> writer.write(integers[row], 0, defined);
                case INT32 -> writer.write((int) integers[row], 0, defined);
                case BOOLEAN -> writer.write(integers[row] == 1, 0, defined);
                case DOUBLE -> writer.write(floats[row], 0, defined);
                case FLOAT -> writer.write((float) floats[row], 0, defined);
                default -> writer.write(binaries[row], 0, defined);
            }
        }
    }
}
