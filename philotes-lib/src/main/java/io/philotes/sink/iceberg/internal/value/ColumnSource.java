// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BinaryForms;
import io.philotes.model.Column;
import org.apache.iceberg.types.Types;

/**
 * How one source column feeds one field.
 *
 * @param index the column's place in the tuple
 * @param name the column's name, for messages
 * @param position the field's place in the schema's struct
 * @param hasBinaryForm whether a value that is flagged binary is so; otherwise it is the exact text
 * @param decoder converts the wire bytes
 */
record ColumnSource(int index, String name, int position, boolean hasBinaryForm, ValueDecoder decoder) {

    static ColumnSource of(int index, Column column, int position, Types.NestedField field) {
        ValueDecoder decoder = Decoders.of(column.type(), field.type());
        return new ColumnSource(index, column.name(), position, BinaryForms.known(column.type()), decoder);
    }
}
