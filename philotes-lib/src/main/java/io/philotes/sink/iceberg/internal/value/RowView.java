// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TupleView;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Types;

/**
 * One row of an Iceberg table, converted once from the wire form: each field is NULL, a value, or unchanged (not sent). As a
 * {@link StructLike} it has the schema's columns in Iceberg's internal representations.
 *
 * <p>Mutable and reused: {@link #decode} starts the next row. Confined to one thread. Text and bytes stay in the tuple's
 * array, so a row is valid as long as that is; {@link #detached} makes one that stays.
 */
public final class RowView implements StructLike {

    private static final int OBJECT_BYTES = 32;

    private final RowLayout layout;
    private final Slots slots;
    private int unchanged;

    RowView(RowLayout layout) {
        this(layout, new Slots(layout.fields().size()), 0);
    }

    private RowView(RowLayout layout, Slots slots, int unchanged) {
        this.layout = layout;
        this.slots = slots;
        this.unchanged = unchanged;
    }

    /**
     * Converts every column that has a field; the other fields become NULL.
     *
     * @throws PhilotesException VALUE_OUT_OF_RANGE or VALUE_MALFORMED, naming the column, never the value; the row's content
     *     is then undefined, and nothing was written anywhere
     */
    public void decode(TupleView tuple) {
        for (int position : layout.unfed()) {
            slots.setNull(position);
        }
        unchanged = 0;
        if (tuple.columnCount() != layout.relation().columns().size()) {
            throw new PhilotesException(
                            ErrorCode.VALUE_MALFORMED,
                            "Cannot decode a row: it has " + tuple.columnCount() + " columns where the relation has "
                                    + layout.relation().columns().size())
                    .inTable(layout.relation().table());
        }
        for (ColumnSource source : layout.sources()) {
            decode(tuple, source);
        }
    }

    /** The same, but for some fields only; the others are NULL. */
    public void decode(TupleView tuple, Collection<Integer> fieldIds) {
        clear();
        for (ColumnSource source : layout.sources()) {
            if (source.index() < tuple.columnCount()
                    && fieldIds.contains(layout.fields().get(source.position()).fieldId())) {
                decode(tuple, source);
            }
        }
    }

    private void decode(TupleView tuple, ColumnSource source) {
        int index = source.index();
        int at = source.position();
        switch (tuple.kind(index)) {
            case TupleView.NULL -> slots.setNull(at);
            case TupleView.UNCHANGED -> {
                slots.setUnchanged(at);
                unchanged++;
            }
            case TupleView.BINARY -> value(tuple, source, source.hasBinaryForm());
            default -> value(tuple, source, false);
        }
    }

    private void value(TupleView tuple, ColumnSource source, boolean binary) {
        byte[] bytes = tuple.bytes();
        int offset = tuple.offset(source.index());
        int length = tuple.length(source.index());
        try {
            if (binary) {
                source.decoder().binary(bytes, offset, length, slots, source.position());
            } else {
                source.decoder().text(bytes, offset, length, slots, source.position());
            }
        } catch (BadValueException e) {
            throw new PhilotesException(
                            e.code(), "Cannot take the value of column " + source.name() + ": " + e.getMessage())
                    .inTable(layout.relation().table());
        }
    }

    /** Makes every field NULL. */
    public void clear() {
        for (int i = 0; i < slots.size(); i++) {
            slots.setNull(i);
        }
        unchanged = 0;
    }

    /** Whether any field is unchanged, that is: not sent and not filled yet. */
    public boolean hasUnchanged() {
        return unchanged > 0;
    }

    /** Whether the field is unchanged and not filled yet. */
    public boolean isUnchanged(int fieldId) {
        return slots.state(at(fieldId)) == Slots.UNCHANGED;
    }

    /** Whether the field is NULL. */
    public boolean isNull(int fieldId) {
        return slots.isNull(at(fieldId));
    }

    /** Ids of the fields that are unchanged and not filled yet, in schema order. */
    public List<Integer> unchangedFieldIds() {
        return layout.fields().stream()
                .map(Types.NestedField::fieldId)
                .filter(this::isUnchanged)
                .toList();
    }

    /**
     * Sets a field to what Iceberg's generic reader gave for it ({@code String}, {@code ByteBuffer}, {@code BigDecimal},
     * {@code LocalDate}, {@code OffsetDateTime}, {@code List}, ...; internal representations are taken too).
     *
     * @param value null means NULL
     * @throws PhilotesException DEFECT when the value is not one of the field's type
     */
    public void fill(int fieldId, Object value) {
        int at = at(fieldId);
        settled(at);
        GenericValues.put(layout.fields().get(at).type(), value, slots, at);
    }

    /**
     * Sets a field to another row's value of it, NULL and unchanged included. Bytes are referred to: both rows are then valid
     * as long as the other is.
     *
     * @throws PhilotesException DEFECT when the other row has no such field, or one of another type
     */
    public void fillFrom(RowView other, int fieldId) {
        int at = at(fieldId);
        int from = other.at(fieldId);
        if (!layout.fields()
                .get(at)
                .type()
                .equals(other.layout.fields().get(from).type())) {
            throw new PhilotesException(
                            ErrorCode.DEFECT, "Cannot take field " + fieldId + " of a row with another schema")
                    .inTable(layout.relation().table());
        }
        settled(at);
        slots.copySlot(at, other.slots, from);
        if (slots.state(at) == Slots.UNCHANGED) {
            unchanged++;
        }
    }

    private void settled(int at) {
        if (slots.state(at) == Slots.UNCHANGED) {
            unchanged--;
        }
    }

    /**
     * Sets the {@link CdcColumns}; the row is not deleted. In append mode last of all: what is unchanged still becomes NULL
     * and is named in {@link CdcColumns#UNCHANGED}.
     *
     * @param commitMicros commit time, µs since 1970 UTC
     * @param transactionId unsigned
     */
    public void cdc(CdcOperation operation, Lsn commitLsn, long ordinal, long commitMicros, int transactionId) {
        new CdcFiller(layout, slots).fill(operation, commitLsn, ordinal, commitMicros, transactionId);
        if (!layout.mode().mirrors()) {
            unchanged = 0;
        }
    }

    /** Marks the row as deleted, in a table that keeps such rows; after {@link #cdc}. */
    public void markDeleted() {
        slots.setNumber(layout.cdcPosition(CdcColumns.DELETED), 1);
    }

    /** Whether the row is marked as deleted; false in a table that keeps no such rows. */
    public boolean isDeleted() {
        if (!layout.mode().keepsDeleted()) {
            return false;
        }
        int at = layout.cdcPosition(CdcColumns.DELETED);
        return !slots.isNull(at) && slots.number(at) != 0;
    }

    /** Makes every field that has a source unchanged, but for those given: what a key tuple does not carry. */
    public void knowsOnly(Collection<Integer> fieldIds) {
        for (int fieldId : layout.sourceFieldIds()) {
            if (!fieldIds.contains(fieldId) && !isUnchanged(fieldId)) {
                slots.setUnchanged(at(fieldId));
                unchanged++;
            }
        }
    }

    /**
     * Checks that the row can be written: no field is unchanged, no required one NULL.
     *
     * @throws PhilotesException UNCHANGED_UNRESOLVED or VALUE_OUT_OF_RANGE, naming the column
     */
    public void requireWritable() {
        for (int i = 0; unchanged > 0 && i < slots.size(); i++) {
            requireKnown(i);
        }
        requireValues();
    }

    /** The part of {@link #requireWritable} that also goes for a row whose unchanged fields are still to be filled. */
    public void requireValues() {
        for (int position : layout.required()) {
            if (slots.isNull(position)) {
                Types.NestedField field = layout.fields().get(position);
                throw refused(ErrorCode.VALUE_OUT_OF_RANGE, field, "it is NULL and the target requires a value");
            }
        }
    }

    private PhilotesException refused(ErrorCode code, Types.NestedField field, String why) {
        return new PhilotesException(code, "Cannot write column " + field.name() + ": " + why)
                .inTable(layout.relation().table());
    }

    /** An independent copy that refers to no array of somebody else, with everything filled so far. */
    public RowView detached() {
        return new RowView(layout, slots.detached(), unchanged);
    }

    /** Heap that a detached row holds, about, in bytes. */
    public long heapBytes() {
        return OBJECT_BYTES + slots.heapBytes();
    }

    public RowLayout layout() {
        return layout;
    }

    Slots slots() {
        return slots;
    }

    private int at(int fieldId) {
        return layout.requirePosition(fieldId);
    }

    void requireKnown(int position) {
        if (slots.state(position) == Slots.UNCHANGED) {
            throw unresolved(layout.fields().get(position));
        }
    }

    private PhilotesException unresolved(Types.NestedField field) {
        return refused(ErrorCode.UNCHANGED_UNRESOLVED, field, "it is unchanged and was not completed");
    }

    @Override
    public int size() {
        return slots.size();
    }

    /**
     * The field's value in Iceberg's internal representation, null for NULL.
     *
     * @throws PhilotesException UNCHANGED_UNRESOLVED when it is unchanged
     */
    @Override
    public <T> T get(int position, Class<T> javaClass) {
        Types.NestedField field = layout.fields().get(position);
        requireKnown(position);
        return javaClass.cast(GenericValues.internal(field.type(), slots, position));
    }

    /** Sets a field by its place, as {@link #fill} does by its id. */
    @Override
    public <T> void set(int position, T value) {
        fill(layout.fields().get(position).fieldId(), value);
    }
}
