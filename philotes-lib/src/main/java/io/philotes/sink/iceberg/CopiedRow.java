// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TupleView;
import io.philotes.sink.iceberg.internal.value.CdcColumns;
import io.philotes.sink.iceberg.internal.value.CdcOperation;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A row of a table copy: inserted at some time before the consistent point; when and by whom is not known. Stateless. */
final class CopiedRow {

    private CopiedRow() {}

    /** Fills the row's {@code _cdc_} columns. */
    static void stamp(RowView row, Lsn consistentPoint) {
        stamp(row, CdcOperation.INSERT, consistentPoint);
    }

    /**
     * Makes it the row that a copy puts before its own into a history: whatever stood there until now stands no longer. No
     * change has its place, for no record of the WAL begins one byte before another.
     */
    static void endOfBefore(RowView row, Lsn consistentPoint) {
        row.clear();
        stamp(row, CdcOperation.TRUNCATE, new Lsn(consistentPoint.value() - 1));
    }

    private static void stamp(RowView row, CdcOperation operation, Lsn at) {
        row.cdc(operation, at, 0, 0, 0);
        for (String unknown : List.of(CdcColumns.ORDINAL, CdcColumns.TIMESTAMP, CdcColumns.TRANSACTION_ID)) {
            row.fill(row.layout().schema().findField(unknown).fieldId(), null);
        }
    }

    /** The row as an insert of a transaction without time and number; {@link #is} tells it from others. */
    static ChangeBatch insert(RelationSchema relation, Lsn consistentPoint, TupleView row) {
        byte[] tuple = tupleData(row);
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(consistentPoint, 0, 0);
        builder.insert(relation, tuple, 0, tuple.length);
        return builder.cutPart();
    }

    static boolean is(ChangeCursor change) {
        return change.commitMicros() == 0 && change.xid() == 0;
    }

    private static byte[] tupleData(TupleView row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(row.columnCount());
            for (int i = 0; i < row.columnCount(); i++) {
                out.writeByte(row.kind(i));
                if (row.kind(i) == TupleView.TEXT || row.kind(i) == TupleView.BINARY) {
                    out.writeInt(row.length(i));
                    out.write(row.bytes(), row.offset(i), row.length(i));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
