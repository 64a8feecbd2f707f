// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.NumberColumn;
import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.types.Types;

/** Floats and doubles, with {@link FloatingMetrics}. */
final class FloatingField implements FieldColumn {

    private final NumberColumn column;
    private final FloatingMetrics metrics;

    FloatingField(Types.NestedField field, NumberColumn column) {
        this.column = column;
        this.metrics = new FloatingMetrics(field);
    }

    @Override
    public void add(Slots slots, int at) {
        if (slots.isValue(at)) {
            column.add(slots.number(at));
            metrics.add(slots.number(at));
        } else {
            slots.requireNull(at);
            column.addNull();
            metrics.addNull();
        }
    }

    @Override
    public Stream<FieldMetrics<?>> metrics() {
        return Stream.of(metrics.build());
    }
}
