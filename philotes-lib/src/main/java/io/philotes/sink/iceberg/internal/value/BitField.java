// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.BitColumn;

/** Booleans. */
record BitField(BitColumn column) implements FieldColumn {

    @Override
    public void add(Slots slots, int at) {
        if (slots.isNull(at)) {
            column.addNull();
        } else {
            column.add(slots.number(at) != 0);
        }
    }
}
