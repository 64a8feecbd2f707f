// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.Row;
import io.philotes.model.TupleView;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import java.util.ArrayList;
import java.util.List;

/** A table copy: it fills a table beside the old one, and takes its place in one transaction. */
final class SqliteLoad implements TableLoad {

    private static final int ROWS_AT_ONCE = 1000;

    private final SqliteFile file;
    private final RelationSchema relation;
    private final TargetTable staging;
    private final Runnable replacement;

    /** @param replacement puts {@link #staging} into the old table's place, with its position */
    SqliteLoad(SqliteFile file, RelationSchema relation, TargetTable staging, Runnable replacement) {
        this.file = file;
        this.relation = relation;
        this.staging = staging;
        this.replacement = replacement;
        file.createAnew(staging);
    }

    static TargetTable staging(TargetTable target) {
        return target.named("philotes copies " + target.name());
    }

    @Override
    public RangeWriter writer() {
        return new Writer();
    }

    @Override
    public void commit() {
        replacement.run();
    }

    @Override
    public void close() {
        file.drop(staging);
    }

    private final class Writer implements RangeWriter {

        private final List<Step> rows = new ArrayList<>();

        @Override
        public void write(TupleView row) {
            try {
                rows.add(staging.put(RowSteps.whole(staging, Row.whole(relation, row))));
            } catch (NumberFormatException e) {
                throw new PhilotesException(ErrorCode.VALUE_MALFORMED, "Cannot copy a row: an integer is none")
                        .inTable(relation.table());
            }
            if (rows.size() == ROWS_AT_ONCE) {
                send();
            }
        }

        private void send() {
            file.insert(rows);
            rows.clear();
        }

        @Override
        public void close() {
            send();
        }
    }
}
