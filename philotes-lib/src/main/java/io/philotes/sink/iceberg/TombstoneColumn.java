// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.CdcColumns;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/** The column by which a row that is read back says that it was deleted, if its table keeps such rows. Immutable. */
final class TombstoneColumn {

    private final List<Types.NestedField> column;

    TombstoneColumn(RowLayout layout) {
        this.column = layout.mode().keepsDeleted()
                ? List.of(layout.schema().asStruct().field(CdcColumns.DELETED))
                : List.of();
    }

    /** The columns to read, this one behind the others; a reader that looks for deleted positions puts one more behind it. */
    Schema with(Schema projection) {
        List<Types.NestedField> fields = new ArrayList<>(projection.columns());
        fields.addAll(column);
        return new Schema(fields);
    }

    /** Of a record that was read {@link #with} the column; NULL, as rows of other writers have it, is no mark. */
    boolean isSet(Record record) {
        return !column.isEmpty() && Boolean.TRUE.equals(record.getField(CdcColumns.DELETED));
    }
}
