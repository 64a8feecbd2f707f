// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the configured names of rules were ever found to mean: which relation, and which of its attribute numbers. A rename
 * takes neither a table nor a column out of its rules. Only grows; thread-safe.
 *
 * <pre>
 * as text, a line each, names encoded as in a URL
 * of [schema] [table]                             the relation has that table's rules
 * [rule] [attnum] [schema] [table] [column]       the number was once that column's
 * where [condition]                               backslashes and line ends escaped; not read back
 * </pre>
 */
final class RuleMemory {

    /** A column by its name in the rules, and what it was found to be. */
    record Found(TableId table, String column, int attnum) {}

    private static final Comparator<Found> ORDER =
            Comparator.comparingInt(Found::attnum).thenComparing(Found::table).thenComparing(Found::column);

    private final Map<Integer, Set<TableId>> tables = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Found>> columns = new ConcurrentHashMap<>();

    private final Map<Integer, Map<Integer, String>> maskedMissing = new ConcurrentHashMap<>();

    void table(int oid, TableId configured) {
        tables.computeIfAbsent(oid, o -> ConcurrentHashMap.newKeySet()).add(configured);
    }

    void column(int oid, Found found) {
        columns.computeIfAbsent(oid, o -> ConcurrentHashMap.newKeySet()).add(found);
    }

    /** The configured names that the relation had. */
    List<TableId> tables(int oid) {
        return tables.getOrDefault(oid, Set.of()).stream().sorted().toList();
    }

    List<Found> columns(int oid) {
        return columns.getOrDefault(oid, Set.of()).stream().sorted(ORDER).toList();
    }

    /** Missing values that the stream's own pictures have masked already, by attnum. */
    Map<Integer, String> maskedMissing(int oid) {
        return maskedMissing.getOrDefault(oid, Map.of());
    }

    static String tableLine(TableId table) {
        return "of " + encoded(table);
    }

    static String columnLine(ColumnRule rule, Found found) {
        return rule.word() + " " + found.attnum() + " " + encoded(found.table()) + " " + encoded(found.column());
    }

    static String whereLine(String condition) {
        return "where " + condition.replace("\\", "\\\\").replace("\n", "\\n");
    }

    /** Takes up what an earlier life of the pipeline wrote; lines of others are passed over. */
    void recall(RelationSchema relation, String text) {
        int oid = relation.oid();
        for (String line : text.split("\n")) {
            if (line.startsWith("where ")) {
                continue;
            }
            List<String> words =
                    Stream.of(line.split(" ")).map(RuleMemory::decoded).toList();
            if (words.size() == 3 && words.get(0).equals("of")) {
                table(oid, new TableId(words.get(1), words.get(2)));
            } else if (words.size() == 5 && words.get(1).matches("[1-9][0-9]{0,4}")) {
                TableId table = new TableId(words.get(2), words.get(3));
                Found found = new Found(table, words.get(4), Integer.parseInt(words.get(1)));
                column(oid, found);
                if (words.get(0).equals(ColumnRule.SHA256.word())) {
                    recallMissing(relation, found.attnum());
                }
            }
        }
    }

    private void recallMissing(RelationSchema relation, int attnum) {
        relation.columns().stream()
                .filter(column -> column.attnum() == attnum)
                .flatMap(column -> column.missingValue().stream())
                .forEach(text -> maskedMissing
                        .computeIfAbsent(relation.oid(), o -> new ConcurrentHashMap<>())
                        .put(attnum, text));
    }

    private static String encoded(TableId table) {
        return encoded(table.schema()) + " " + encoded(table.name());
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String decoded(String name) {
        return URLDecoder.decode(name, StandardCharsets.UTF_8);
    }
}
