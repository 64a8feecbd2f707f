// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.NumberColumn;

/** Integers, dates, times, timestamps and short decimals. */
record NumberField(NumberColumn column) implements FieldColumn {

    @Override
    public void add(Slots slots, int at) {
        if (slots.isValue(at)) {
            column.add(slots.number(at));
        } else {
            slots.requireNull(at);
            column.addNull();
        }
    }
}
