// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.BitColumn;

/** Booleans. */
record BitField(BitColumn column) implements FieldColumn {

    @Override
    public void add(Slots slots, int at) {
        if (slots.isValue(at)) {
            column.add(slots.number(at) != 0);
        } else {
            slots.requireNull(at);
            column.addNull();
        }
    }
}
