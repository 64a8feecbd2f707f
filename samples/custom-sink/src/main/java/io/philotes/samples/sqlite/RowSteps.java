// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import io.philotes.model.ChangeEvent;
import io.philotes.model.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the steps that do to the file what a change did to the source. Stateless. */
final class RowSteps {

    private RowSteps() {}

    /** @throws NumberFormatException when a value can never be written */
    static List<Step> of(TargetTable target, ChangeEvent change) {
        if (change instanceof ChangeEvent.Insert insert) {
            return List.of(target.put(whole(target, insert.row())));
        }
        if (change instanceof ChangeEvent.Update update) {
            return update(target, update.before(), update.after());
        }
        if (change instanceof ChangeEvent.Delete delete) {
            return List.of(target.remove(target.keyOf(delete.before())));
        }
        return List.of(target.clear());
    }

    static Object[] whole(TargetTable target, Row row) {
        Object[] values = new Object[target.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = target.value(row, i);
        }
        return values;
    }

    /** A value that was not sent stays as it is in the file: it is not NULL. */
    private static List<Step> update(TargetTable target, Optional<Row> before, Row after) {
        List<Integer> which = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < target.columns().size(); i++) {
            if (after.isSent(target.columns().get(i))) {
                which.add(i);
                values.add(target.value(after, i));
            }
        }
        return List.of(target.patch(target.keyOf(before.orElse(after)), which, values));
    }
}
