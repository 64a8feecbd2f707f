// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One table of the source beside its image in the lake, row by row; rows that are alike are counted. Immutable.
 *
 * @param table the table
 * @param sourceRows rows in the source
 * @param lakeRows rows in the lake
 * @param differences the first differences in words; empty when both are equal
 */
record TableComparison(String table, long sourceRows, long lakeRows, List<String> differences) {

    private static final int SHOWN_ROWS = 3;
    private static final int SHOWN_LETTERS = 40;

    TableComparison {
        differences = List.copyOf(differences);
    }

    boolean isEqual() {
        return differences.isEmpty();
    }

    /** Compares rows of texts; a text may be null. */
    static TableComparison of(
            String table, List<String> columns, Collection<List<String>> source, Collection<List<String>> lake) {
        Map<List<String>, Integer> surplus = new HashMap<>();
        source.forEach(row -> surplus.merge(row, 1, Integer::sum));
        lake.forEach(row -> surplus.merge(row, -1, Integer::sum));
        List<String> differences = new ArrayList<>();
        describe(differences, surplus, columns, 1, "missing in the lake");
        describe(differences, surplus, columns, -1, "only in the lake");
        return new TableComparison(table, source.size(), lake.size(), differences);
    }

    /** The columns differ, so the rows were not looked at. */
    static TableComparison ofColumns(String table, List<String> source, List<String> lake) {
        return new TableComparison(table, 0, 0, List.of("columns differ: source " + source + ", lake " + lake));
    }

    private static void describe(
            List<String> differences, Map<List<String>, Integer> surplus, List<String> columns, int sign, String what) {
        List<Map.Entry<List<String>, Integer>> found = surplus.entrySet().stream()
                .filter(entry -> entry.getValue() * sign > 0)
                .toList();
        long rows = found.stream().mapToLong(entry -> entry.getValue() * sign).sum();
        if (rows > 0) {
            differences.add(rows + (rows == 1 ? " row is " : " rows are ") + what);
        }
        found.stream().limit(SHOWN_ROWS).forEach(entry -> differences.add(what + ": " + text(columns, entry.getKey())));
    }

    private static String text(List<String> columns, List<String> row) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i) + "=" + shortened(row.get(i)))
                .collect(Collectors.joining(", "));
    }

    private static String shortened(String value) {
        return value == null || value.length() <= SHOWN_LETTERS
                ? value
                : value.substring(0, SHOWN_LETTERS) + "... (" + value.length() + " letters)";
    }
}
