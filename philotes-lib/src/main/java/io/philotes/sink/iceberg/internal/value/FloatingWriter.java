// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;

/** Writes a top-level float or double column and keeps its {@link FloatingMetrics}. */
final class FloatingWriter implements SlotWriter {

    private final LeafWriter leaf;
    private final FloatingMetrics metrics;

    FloatingWriter(Types.NestedField field, ColumnDescriptor descriptor) {
        this.leaf = new LeafWriter(field.type(), descriptor);
        this.metrics = new FloatingMetrics(field);
    }

    @Override
    public void write(Slots slots, int at, int repetitionLevel) {
        leaf.write(slots, at, repetitionLevel);
        if (slots.isNull(at)) {
            metrics.addNull();
        } else {
            metrics.add(slots.number(at));
        }
    }

    @Override
    public void setColumnStore(ColumnWriteStore store) {
        leaf.setColumnStore(store);
    }

    @Override
    public Stream<FieldMetrics<?>> metrics() {
        return Stream.of(metrics.build());
    }
}
