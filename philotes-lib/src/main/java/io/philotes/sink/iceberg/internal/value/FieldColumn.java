// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;

/**
 * Adds one field's slots to its column of a file. A class for each kind of column, for a call in the row's loop that goes
 * straight to the column's code. Confined to one thread.
 */
interface FieldColumn {

    /** Adds a slot that is NULL or a value. */
    void add(Slots slots, int at);

    /** What Parquet's own statistics do not tell. */
    default Stream<FieldMetrics<?>> metrics() {
        return Stream.of();
    }
}
