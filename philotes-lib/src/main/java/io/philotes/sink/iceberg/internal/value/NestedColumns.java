// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.FileColumns;

/** A field whose columns are inside a list or struct: parquet-java's writers take them. */
record NestedColumns(SlotWriter writer) implements FieldColumn {

    static NestedColumns in(FileColumns file, SlotWriter writer) {
        file.nested(writer::setColumnStore);
        return new NestedColumns(writer);
    }

    @Override
    public void add(Slots slots, int at) {
        writer.write(slots, at, 0);
    }
}
