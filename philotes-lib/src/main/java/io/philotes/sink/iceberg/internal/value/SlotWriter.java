// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.parquet.column.ColumnWriteStore;

/** Writes one field's slots into its Parquet columns. Confined to one thread. */
interface SlotWriter {

    /** Writes a slot that is NULL or a value, at a repetition level. */
    void write(Slots slots, int at, int repetitionLevel);

    /** Goes on with the columns of the next row group. */
    void setColumnStore(ColumnWriteStore store);

    /** What Parquet's own statistics do not tell. */
    default Stream<FieldMetrics<?>> metrics() {
        return Stream.of();
    }
}
