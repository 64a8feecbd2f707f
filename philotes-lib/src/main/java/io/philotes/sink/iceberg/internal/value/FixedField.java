// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.FixedColumn;

/** Uuids and long decimals. */
record FixedField(FixedColumn column) implements FieldColumn {

    @Override
    public void add(Slots slots, int at) {
        if (slots.isValue(at)) {
            column.add(slots.array(at), slots.offset(at), slots.length(at));
        } else {
            slots.requireNull(at);
            column.addNull();
        }
    }
}
