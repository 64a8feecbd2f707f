// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.TupleView;
import io.philotes.sink.iceberg.internal.value.KeyText;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.iceberg.Schema;

/**
 * The keys that a change touches, as text; nothing but the key's columns is converted, so the rest of the row may be bad.
 * Confined to one thread.
 */
final class ChangeKeys implements RowKeys {

    private final List<Integer> keyFieldIds;
    private final KeyText text;
    private final boolean keepsDeleted;
    private final RowView newer;
    private final RowView older;

    ChangeKeys(RowLayout layout, List<Integer> keyFieldIds) {
        this.keepsDeleted = layout.mode().keepsDeleted();
        this.keyFieldIds = keyFieldIds;
        this.text = new KeyText(keyFieldIds);
        this.newer = layout.newRow();
        this.older = layout.newRow();
    }

    /** The key's fields in the order in which they make the key. */
    static List<Integer> fieldIds(Schema schema) {
        return List.copyOf(new TreeSet<>(schema.identifierFieldIds()));
    }

    @Override
    public SortedSet<String> of(ChangeCursor change) {
        SortedSet<String> keys = new TreeSet<>();
        newKey(change).ifPresent(keys::add);
        oldKey(change).ifPresent(keys::add);
        return keys;
    }

    /** Of a row of a table copy. */
    String of(TupleView row) {
        newer.decode(row, keyFieldIds);
        return text.of(newer);
    }

    @Override
    public Optional<String> newKey(ChangeCursor change) {
        return decodeNew(change) ? Optional.of(text.of(newer)) : Optional.empty();
    }

    /** A deleted row that stays shows the older one's values, so that one is needed. */
    @Override
    public boolean replaces(ChangeCursor change) {
        return switch (change.kind()) {
            case INSERT -> true;
            case UPDATE -> isWhole(change) && canSkip(change);
            default -> !keepsDeleted;
        };
    }

    @Override
    public boolean canSkip(ChangeCursor change) {
        return !(keepsDeleted && moves(change));
    }

    private static boolean isWhole(ChangeCursor change) {
        if (change.hasOldTuple() && change.oldTupleIsFull()) {
            return true;
        }
        TupleView row = change.newTuple();
        for (int i = 0; i < row.columnCount(); i++) {
            if (row.kind(i) == TupleView.UNCHANGED
                    && !change.relation().keyColumns().contains(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the row has another key behind the change than before. */
    boolean moves(ChangeCursor change) {
        return change.kind() == ChangeCursor.Kind.UPDATE && !oldKey(change).equals(newKey(change)) && hasOld(change);
    }

    /** The row with nothing but the key that it had before the change, if that is told. */
    Optional<RowView> oldRow(ChangeCursor change) {
        if (!hasOld(change)) {
            return Optional.empty();
        }
        older.decode(change.oldTuple(), keyFieldIds);
        return Optional.of(older);
    }

    private Optional<String> oldKey(ChangeCursor change) {
        return oldRow(change).map(text::of);
    }

    private static boolean hasOld(ChangeCursor change) {
        return change.kind() != ChangeCursor.Kind.INSERT && change.hasOldTuple();
    }

    private boolean decodeNew(ChangeCursor change) {
        if (change.kind() == ChangeCursor.Kind.DELETE) {
            return false;
        }
        newer.decode(change.newTuple(), keyFieldIds);
        if (newer.hasUnchanged() && hasOld(change)) {
            older.decode(change.oldTuple(), keyFieldIds);
            for (int fieldId : newer.unchangedFieldIds()) {
                newer.fillFrom(older, fieldId);
            }
        }
        return true;
    }
}
