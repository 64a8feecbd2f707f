// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import org.apache.iceberg.DoubleFieldMetrics;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.FloatFieldMetrics;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/**
 * The metrics of a top-level float or double column: Parquet gives up its bounds as soon as it meets a NaN, so Iceberg takes
 * bounds and NaN counts from the writer. Confined to one thread.
 */
final class FloatingMetrics {

    private final int fieldId;
    private final boolean isFloat;
    private final FloatFieldMetrics.Builder floats;
    private final DoubleFieldMetrics.Builder doubles;
    private long nulls;

    FloatingMetrics(Types.NestedField field) {
        this.fieldId = field.fieldId();
        this.isFloat = field.type().typeId() == TypeID.FLOAT;
        this.floats = new FloatFieldMetrics.Builder(fieldId);
        this.doubles = new DoubleFieldMetrics.Builder(fieldId);
    }

    static boolean takes(Type type) {
        return type.typeId() == TypeID.FLOAT || type.typeId() == TypeID.DOUBLE;
    }

    void addNull() {
        nulls++;
    }

    /** @param bits the value's */
    void add(long bits) {
        if (isFloat) {
            floats.addValue(Float.intBitsToFloat((int) bits));
        } else {
            doubles.addValue(Double.longBitsToDouble(bits));
        }
    }

    FieldMetrics<?> build() {
        return isFloat ? withNulls(floats.build()) : withNulls(doubles.build());
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
