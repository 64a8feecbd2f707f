// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/**
 * Bounds of floats and doubles that lead readers to every row that SQL means. Stateless.
 *
 * <p>To SQL -0.0 and 0.0 are equal, while Iceberg orders one below the other: a reader that asks for {@code x >= 0} would not
 * look into a file whose greatest value is -0.0. So a lower bound that is a zero is -0.0, an upper one 0.0, as Parquet's
 * readers take them.
 *
 * <p>To PostgreSQL, and to Spark, NaN is greater than every number, while Iceberg's bounds leave it out: a reader that asks for
 * {@code x > 5} would not look into a file of 1 and NaN, nor into one of NaN alone. So a column with NaN has no upper bound,
 * and of one with nothing else the NaNs are not counted.
 */
final class FloatingBounds {

    private static final Set<Object> MINUS_ZEROS = Set.of(-0.0f, -0.0d);
    private static final Set<Object> PLUS_ZEROS = Set.of(0.0f, 0.0d);

    private FloatingBounds() {}

    /** The file with such bounds; itself when it has them. */
    static DataFile in(DataFile file, PartitionSpec spec, Schema schema) {
        Map<Integer, ByteBuffer> lower = negated(file.lowerBounds(), PLUS_ZEROS, schema);
        Map<Integer, ByteBuffer> upper = negated(file.upperBounds(), MINUS_ZEROS, schema);
        Set<Integer> withNaN = withNaN(file);
        if (lower.isEmpty() && upper.isEmpty() && withNaN.isEmpty()) {
            return file;
        }
        Map<Integer, ByteBuffer> upperBounds = with(file.upperBounds(), upper);
        upperBounds.keySet().removeAll(withNaN);
        Map<Integer, ByteBuffer> lowerBounds = with(file.lowerBounds(), lower);
        Map<Integer, Long> nans = with(file.nanValueCounts(), Map.of());
        nans.keySet().removeIf(id -> withNaN.contains(id) && !lowerBounds.containsKey(id));
        Metrics metrics = new Metrics(
                file.recordCount(),
                file.columnSizes(),
                file.valueCounts(),
                file.nullValueCounts(),
                nans,
                lowerBounds,
                upperBounds);
        return DataFiles.builder(spec).copy(file).withMetrics(metrics).build();
    }

    private static Set<Integer> withNaN(DataFile file) {
        Set<Integer> ids = new HashSet<>();
        if (file.nanValueCounts() != null) {
            file.nanValueCounts().forEach((id, count) -> {
                if (count > 0) {
                    ids.add(id);
                }
            });
        }
        return ids;
    }

    /** Those of the bounds that are one of the zeros, each as the other one. */
    private static Map<Integer, ByteBuffer> negated(Map<Integer, ByteBuffer> bounds, Set<Object> zeros, Schema schema) {
        Map<Integer, ByteBuffer> negated = new HashMap<>();
        for (Types.NestedField field : schema.columns()) {
            if (isFloating(field.type()) && bounds != null && bounds.containsKey(field.fieldId())) {
                Number bound = Conversions.fromByteBuffer(field.type(), bounds.get(field.fieldId()));
                if (zeros.contains(bound)) {
                    negated.put(field.fieldId(), Conversions.toByteBuffer(field.type(), minus(bound)));
                }
            }
        }
        return negated;
    }

    private static boolean isFloating(Type type) {
        return type.typeId() == TypeID.FLOAT || type.typeId() == TypeID.DOUBLE;
    }

    private static Number minus(Number value) {
        if (value instanceof Float single) {
            return -single;
        }
        return -value.doubleValue();
    }

    private static <T> Map<Integer, T> with(Map<Integer, T> values, Map<Integer, T> changed) {
        Map<Integer, T> all = values == null ? new HashMap<>() : new HashMap<>(values);
        all.putAll(changed);
        return all;
    }
}
