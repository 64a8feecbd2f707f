// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Turns the key of a row into numbers for an index: the key itself where it is one integer column, else a 128-bit hash of
 * the key's <em>Iceberg values</em>. So a row from the wire, in text or binary, and the same row read back from the table
 * give the same key; and so they do after an int was widened to long or a decimal's precision was raised.
 *
 * <p>The hash is SipHash-2-4-128 with a fixed seed over a canonical, injective form of the values: it is stable between
 * processes and versions. Two rows are equal when their values are: NULL equals NULL, NaN equals NaN, -0.0 is not 0.0.
 *
 * <p>Mutable: each {@code encode} replaces the key. Confined to one thread.
 */
public final class KeyEncoder {

    private static final long SEED_0 = 0x5068696c6f746573L;
    private static final long SEED_1 = 0x6b65792d696e6465L;

    private final Schema projection;
    private final int[] fieldIds;
    private final Type[] types;
    private final boolean isLong;
    private final Slots scratch;
    private final int[] identity;
    private final CanonicalBytes canonical = new CanonicalBytes();
    private final SipHash hash = new SipHash(SEED_0, SEED_1);
    private RowLayout boundTo;
    private int[] rowPositions;
    private Type[] rowTypes;
    private long hi;
    private long lo;

    private KeyEncoder(Schema projection, boolean isKey) {
        this.projection = projection;
        List<Types.NestedField> fields = projection.columns();
        this.fieldIds = fields.stream().mapToInt(Types.NestedField::fieldId).toArray();
        this.types = fields.stream().map(Types.NestedField::type).toArray(Type[]::new);
        this.isLong = isKey && types.length == 1 && isInteger(types[0]);
        this.scratch = new Slots(types.length);
        this.identity = IntStream.range(0, types.length).toArray();
    }

    /**
     * An encoder over some top-level columns; their order matters.
     *
     * @throws PhilotesException DEFECT when a field is not in the schema
     */
    public static KeyEncoder of(Schema schema, List<Integer> fieldIds) {
        return new KeyEncoder(projection(schema, fieldIds), true);
    }

    /**
     * An encoder over columns that are no key, so that each may be NULL: it always hashes.
     *
     * @throws PhilotesException DEFECT when a field is not in the schema
     */
    public static KeyEncoder ofRows(Schema schema, List<Integer> fieldIds) {
        return new KeyEncoder(projection(schema, fieldIds), false);
    }

    private static Schema projection(Schema schema, List<Integer> fieldIds) {
        return new Schema(fieldIds.stream()
                .map(id -> {
                    Types.NestedField field = schema.asStruct().field(id);
                    if (field == null) {
                        throw new PhilotesException(
                                ErrorCode.DEFECT, "Cannot make a key: no top-level field has id " + id);
                    }
                    return field;
                })
                .toList());
    }

    private static boolean isInteger(Type type) {
        return switch (type.typeId()) {
            case INTEGER, LONG, DATE -> true;
            default -> false;
        };
    }

    /** Whether the key is one integer column (int, long or date): then {@link #asLong} is the key, and {@link #hi} 0. */
    public boolean isLong() {
        return isLong;
    }

    /** The encoder's columns in its order: read the table with exactly this projection for {@link #encode(StructLike)}. */
    public Schema projection() {
        return projection;
    }

    /**
     * Encodes a row from the wire, of any layout that has the encoder's fields.
     *
     * @throws PhilotesException UNCHANGED_UNRESOLVED when a field is unchanged, VALUE_OUT_OF_RANGE when an integer key is NULL
     */
    public void encode(RowView row) {
        if (row.layout() != boundTo) {
            bind(row.layout());
        }
        for (int i = 0; i < rowPositions.length; i++) {
            row.requireKnown(rowPositions[i]);
        }
        encode(row.slots(), rowTypes, rowPositions);
    }

    private void bind(RowLayout layout) {
        rowPositions = Arrays.stream(fieldIds).map(layout::requirePosition).toArray();
        rowTypes = Arrays.stream(rowPositions)
                .mapToObj(position -> layout.fields().get(position).type())
                .toArray(Type[]::new);
        boundTo = layout;
    }

    /**
     * Encodes a record that was read with {@link #projection} (generic or internal representations).
     *
     * @throws PhilotesException VALUE_OUT_OF_RANGE when an integer key is NULL
     */
    public void encode(StructLike record) {
        if (record instanceof RowView row) {
            encode(row);
            return;
        }
        for (int i = 0; i < types.length; i++) {
            GenericValues.put(types[i], record.get(i, Object.class), scratch, i);
        }
        encode(scratch, types, identity);
    }

    private void encode(Slots slots, Type[] slotTypes, int[] positions) {
        if (isLong) {
            integer(slots, positions[0]);
            return;
        }
        canonical.clear();
        for (int i = 0; i < positions.length; i++) {
            canonical.add(slotTypes[i], slots, positions[i]);
        }
        hash.hash(canonical.bytes(), canonical.length());
        hi = hash.first();
        lo = hash.second();
    }

    private void integer(Slots slots, int position) {
        if (slots.isNull(position)) {
            throw new PhilotesException(
                    ErrorCode.VALUE_OUT_OF_RANGE,
                    "Cannot make a key: column " + projection.columns().get(0).name() + " is NULL");
        }
        hi = 0;
        lo = slots.number(position);
    }

    /** The integer key of the last row; only when {@link #isLong}. */
    public long asLong() {
        return lo;
    }

    /** Upper half of the last row's hash. */
    public long hi() {
        return hi;
    }

    /** Lower half of the last row's hash. */
    public long lo() {
        return lo;
    }
}
