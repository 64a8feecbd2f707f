// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.Lake;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Table;

/** A history of changes and copies: no change and no copied row is there twice, and one after the other they make the source's rows. */
final class JournalHistory {

    private record Change(String lsn, long ordinal, String operation, long key, String note) {

        static Change of(List<String> row) {
            String ordinal = row.get(3);
            return new Change(
                    row.get(2),
                    ordinal == null ? -1 : Long.parseLong(ordinal),
                    row.get(4),
                    row.get(4).equals("truncate") ? -1 : Long.parseLong(row.get(0)),
                    row.get(1));
        }
    }

    private JournalHistory() {}

    /** Fails unless {@code rows}, the source's keys and notes, are what the history comes to. */
    static void check(Table table, List<List<String>> rows) {
        List<Change> changes =
                Lake.rows(table, List.of("n", "note", "_cdc_lsn", "_cdc_ordinal", "_cdc_operation")).stream()
                        .map(Change::of)
                        .sorted(Comparator.comparing(Change::lsn).thenComparingLong(Change::ordinal))
                        .toList();
        Map<Long, String> state = new TreeMap<>();
        Set<String> places = new HashSet<>();
        for (Change change : changes) {
            String place = change.ordinal() < 0 ? "copied " + change.key() : Long.toString(change.ordinal());
            assertThat(places.add(change.lsn() + "/" + place))
                    .as("change of %s at %s is there once", change.key(), change.lsn())
                    .isTrue();
            apply(state, change);
        }
        Map<Long, String> expected = new TreeMap<>();
        rows.forEach(row -> expected.put(Long.parseLong(row.get(0)), row.get(1)));
        assertThat(state).as("what the journal comes to").isEqualTo(expected);
    }

    private static void apply(Map<Long, String> state, Change change) {
        if (change.operation().equals("truncate")) {
            state.clear();
        } else if (change.operation().equals("delete")) {
            assertThat(state.remove(change.key()))
                    .as("row deleted at %s", change.lsn())
                    .isNotNull();
        } else {
            state.put(change.key(), change.note());
        }
    }
}
