// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a batch holds, for people who look at the tables. Immutable; the arrays are shared.
 *
 * @param tables each once; the counts follow their order, and tell how many records there are of each kind
 * @param transactions how many have records in it
 * @param firstCommit commit position of the first; null when there is none
 * @param lastCommit commit position of the last; null when there is none
 * @param firstMicros commit time of the first, µs since 1970 UTC
 */
record BatchTally(
        String[] tables,
        Integer[] inserts,
        Integer[] updates,
        Integer[] deletes,
        Integer[] truncates,
        int transactions,
        Lsn firstCommit,
        Lsn lastCommit,
        long firstMicros) {

    private static final Integer[] NO_COUNTS = {};

    /** Of a row that does not tell of its batch. */
    static final BatchTally NONE =
            new BatchTally(new String[0], NO_COUNTS, NO_COUNTS, NO_COUNTS, NO_COUNTS, 0, null, null, 0);

    /** Walks over the records' heads; the tuples are not looked at. */
    static BatchTally of(ChangeBatch batch) {
        return new Counting(batch).count();
    }

    /** Used once. */
    private static final class Counting {

        private final ChangeBatch batch;
        private final List<String> tables = new ArrayList<>();
        private final int[] tableOf;
        private final int[][] counts;
        private int transactions;
        private Lsn firstCommit;
        private Lsn lastCommit;
        private long firstMicros;

        Counting(ChangeBatch batch) {
            this.batch = batch;
            this.tableOf = tablesOf(batch.relations());
            this.counts = new int[ChangeCursor.Kind.values().length][tables.size()];
        }

        /** Several versions of a relation are one table. */
        private int[] tablesOf(List<RelationSchema> relations) {
            Map<TableId, Integer> known = new LinkedHashMap<>();
            int[] places = new int[relations.size()];
            for (int i = 0; i < places.length; i++) {
                places[i] = known.computeIfAbsent(relations.get(i).table(), table -> known.size());
            }
            known.keySet().forEach(table -> tables.add(table.toString()));
            return places;
        }

        BatchTally count() {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                switch (cursor.kind()) {
                    case BEGIN -> begin(cursor);
                    case INSERT, UPDATE, DELETE -> counts[cursor.kind().ordinal()][tableOf[cursor.relationIndex()]]++;
                    case TRUNCATE -> truncate(cursor);
                    case NOTICE, COMMIT -> {}
                }
            }
            return new BatchTally(
                    tables.toArray(String[]::new),
                    of(ChangeCursor.Kind.INSERT),
                    of(ChangeCursor.Kind.UPDATE),
                    of(ChangeCursor.Kind.DELETE),
                    of(ChangeCursor.Kind.TRUNCATE),
                    transactions,
                    firstCommit,
                    lastCommit,
                    firstMicros);
        }

        private void begin(ChangeCursor cursor) {
            if (transactions++ == 0) {
                firstCommit = cursor.commitLsn();
                firstMicros = cursor.commitMicros();
            }
            lastCommit = cursor.commitLsn();
        }

        private void truncate(ChangeCursor cursor) {
            for (RelationSchema named : cursor.truncated()) {
                counts[ChangeCursor.Kind.TRUNCATE.ordinal()][
                        tableOf[batch.relations().indexOf(named)]]++;
            }
        }

        private Integer[] of(ChangeCursor.Kind kind) {
            int[] each = counts[kind.ordinal()];
            Integer[] boxed = new Integer[each.length];
            for (int i = 0; i < each.length; i++) {
                boxed[i] = each[i];
            }
            return boxed;
        }
    }
}
