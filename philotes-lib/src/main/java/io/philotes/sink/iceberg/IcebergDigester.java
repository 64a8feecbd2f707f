// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.TupleView;
import io.philotes.sink.DigestedRow;
import io.philotes.sink.RowDigester;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import io.philotes.sink.iceberg.internal.value.KeyText;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Types;

/** Digests rows by their Iceberg values, from the wire or read back. It is its own result; confined to one thread. */
final class IcebergDigester implements RowDigester, DigestedRow {

    /** The hash of what is not known; a row's is the same only by a chance of 2⁻¹²⁸. */
    private static final long NO_ROW = 0x6e6f2d726f772121L;

    private final RowLayout layout;
    private final RowView row;
    private final KeyEncoder rows;
    private final KeyEncoder keys;
    private final List<Integer> keyFieldIds;
    private final KeyText names;
    private final boolean keyed;
    private boolean whole;

    IcebergDigester(RowLayout layout) {
        this.layout = layout;
        this.row = layout.newRow();
        this.rows = KeyEncoder.ofRows(layout.schema(), List.copyOf(new TreeSet<>(layout.sourceFieldIds())));
        this.keyFieldIds = ChangeKeys.fieldIds(layout.schema());
        this.keyed = !keyFieldIds.isEmpty();
        this.names = new KeyText(keyFieldIds);
        this.keys = KeyEncoder.ofRows(layout.schema(), keyFieldIds);
    }

    @Override
    public DigestedRow digest(TupleView tuple) {
        row.decode(tuple);
        return encoded();
    }

    @Override
    public DigestedRow digestKey(TupleView tuple) {
        if (!keyed) {
            return digest(tuple);
        }
        row.decode(tuple, keyFieldIds);
        keys.encode(row);
        whole = false;
        return this;
    }

    DigestedRow digest(List<Integer> fieldIds, Record record) {
        row.clear();
        for (int i = 0; i < fieldIds.size(); i++) {
            row.fill(fieldIds.get(i), record.get(i));
        }
        return encoded();
    }

    private DigestedRow encoded() {
        rows.encode(row);
        whole = true;
        if (keyed) {
            keys.encode(row);
        }
        return this;
    }

    @Override
    public long keyHi() {
        return keyed ? keys.hi() : rows.hi();
    }

    @Override
    public long keyLo() {
        return keyed ? keys.lo() : rows.lo();
    }

    @Override
    public long rowHi() {
        return whole ? rows.hi() : NO_ROW;
    }

    @Override
    public long rowLo() {
        return whole ? rows.lo() : NO_ROW;
    }

    @Override
    public String keyText() {
        return keyed ? text(keyFieldIds) : String.format("row #%016x%016x", rows.hi(), rows.lo());
    }

    @Override
    public String keyName() {
        return keyed ? names.of(row) : "";
    }

    @Override
    public String valuesText() {
        return whole ? text(layout.sourceFieldIds()) : "a value that the target cannot hold";
    }

    private String text(List<Integer> fieldIds) {
        return fieldIds.stream().map(this::text).collect(Collectors.joining(", "));
    }

    private String text(int fieldId) {
        Types.NestedField field = layout.schema().findField(fieldId);
        return field.name() + "=" + text(field, row.get(layout.position(fieldId), Object.class));
    }

    private static String text(Types.NestedField field, Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof ByteBuffer bytes && field.type().typeId() != org.apache.iceberg.types.Type.TypeID.UUID) {
            return bytes.remaining() + " bytes";
        }
        if (!field.type().isPrimitiveType()) {
            return new ArrayList<>((java.util.Collection<?>) value).toString();
        }
        return Transforms.<Object>identity().toHumanString(field.type(), value);
    }
}
