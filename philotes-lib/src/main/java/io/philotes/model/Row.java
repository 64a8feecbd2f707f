// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * One row of a change, its values by column name. Immutable and thread-safe; it may be kept, and then keeps the bytes of the
 * batch that it came with.
 *
 * <p>A value is there, or NULL, or was not sent: an update does not send large values that it did not touch, and the old row
 * of an update or delete has the key columns only, unless the table's replica identity is FULL. What was not sent is never
 * taken for NULL: to ask for it throws {@link IllegalStateException}, and so do the getters of numbers and truth values when
 * the value is NULL. An unknown name throws {@link IllegalArgumentException}.
 */
public final class Row {

    private final RelationSchema relation;
    private final TupleView tuple;
    private final boolean keyOnly;

    private Row(RelationSchema relation, TupleView tuple, boolean keyOnly) {
        this.relation = Objects.requireNonNull(relation, "relation");
        this.tuple = tuple;
        this.keyOnly = keyOnly;
    }

    /** A whole row; {@code tuple} may move on afterwards. */
    public static Row whole(RelationSchema relation, TupleView tuple) {
        return new Row(relation, tuple.copy(), false);
    }

    /** A row of which only the key columns were sent. */
    static Row keyOf(RelationSchema relation, TupleView tuple) {
        return new Row(relation, tuple.copy(), true);
    }

    /** The table's published columns, in their order; also those whose value was not sent. */
    public List<Column> columns() {
        return relation.columns();
    }

    /** Whether the value was sent, NULL or not. */
    public boolean isSent(String column) {
        int index = index(column);
        return !isOutsideOfKey(index) && !tuple.isUnchanged(index);
    }

    /** Whether it is a large value that the update did not touch, so that the server did not send it. It is not NULL. */
    public boolean isUnchanged(String column) {
        return tuple.isUnchanged(index(column));
    }

    /** Whether the value was sent, and is NULL. */
    public boolean isNull(String column) {
        return tuple.isNull(sent(column));
    }

    /** The value as PostgreSQL prints it, under ISO dates, UTC and hexadecimal bytes; null for NULL. Any type. */
    public String text(String column) {
        int index = sent(column);
        return tuple.isNull(index)
                ? null
                : ValueText.of(relation.columns().get(index).type(), tuple, index);
    }

    /** The value of an integer type. */
    public long longValue(String column) {
        return Long.parseLong(present(column));
    }

    /** The value of an integer type that fits. */
    public int intValue(String column) {
        return Math.toIntExact(longValue(column));
    }

    /** The value of a float4 or float8; a float4's is exactly its own, as PostgreSQL converts it, which its text is not. */
    public double doubleValue(String column) {
        String text = present(column);
        boolean isSingle = relation.columns().get(index(column)).type().name().equals("float4");
        return isSingle ? Float.parseFloat(text) : Double.parseDouble(text);
    }

    /** The value of a boolean. */
    public boolean booleanValue(String column) {
        String text = present(column);
        if (!text.equals("t") && !text.equals("f")) {
            throw new IllegalStateException("column " + column + " is not a boolean");
        }
        return text.equals("t");
    }

    /** The value of a numeric or integer type, with every digit; a numeric's NaN and infinities are no decimals. */
    public BigDecimal decimalValue(String column) {
        return new BigDecimal(present(column));
    }

    private String present(String column) {
        String text = text(column);
        if (text == null) {
            throw new IllegalStateException("column " + column + " is NULL");
        }
        return text;
    }

    private int sent(String column) {
        int index = index(column);
        if (isOutsideOfKey(index)) {
            throw new IllegalStateException("column " + column + " was not sent: the old row has the key columns only");
        }
        if (tuple.isUnchanged(index)) {
            throw new IllegalStateException("column " + column + " was not sent: the update did not touch it");
        }
        return index;
    }

    private boolean isOutsideOfKey(int index) {
        return keyOnly && !relation.keyColumns().contains(index);
    }

    private int index(String column) {
        List<Column> columns = relation.columns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("table " + relation.table() + " has no published column '" + column + "'");
    }

    /** Names its table and columns, never its values. */
    @Override
    public String toString() {
        return "Row of " + relation.table() + " "
                + relation.columns().stream().map(Column::name).toList();
    }
}
