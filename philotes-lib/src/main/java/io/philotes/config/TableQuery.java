// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pipeline's tables as a query, which finds what the pipeline itself would take for its patterns. Immutable. */
final class TableQuery {

    private static final Pattern TWO_PARTS = Pattern.compile("(\"(?:[^\"]|\"\")*\"|[^.\"]*)\\.(.*)", Pattern.DOTALL);

    private final List<TableConfig> tables;
    private final List<String> excluded;

    TableQuery(PipelineConfig pipeline) {
        this.tables = pipeline.tables();
        this.excluded = pipeline.exclude();
    }

    List<TableConfig> named() {
        return tables.stream().filter(table -> !table.isPattern()).toList();
    }

    boolean hasPatterns() {
        return tables.stream().anyMatch(TableConfig::isPattern);
    }

    /** Names of the tables that match a pattern, and are not named besides; a partition only when its root is none of them. */
    String matching() {
        List<String> lines = new ArrayList<>();
        lines.add("SELECT n.nspname, c.relname");
        lines.add("FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
        lines.add("WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'");
        lines.add("AND n.nspname NOT IN ('pg_catalog', 'information_schema')");
        lines.add("AND " + any(patterns(), "n", "c"));
        Stream.concat(named().stream().map(TableConfig::table), excluded.stream())
                .forEach(other -> lines.add("AND NOT " + condition(other, "n", "c")));
        lines.add("AND NOT EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) a");
        lines.add(
                "    JOIN pg_catalog.pg_class p ON p.oid = a.relid JOIN pg_catalog.pg_namespace s ON s.oid = p.relnamespace");
        lines.add("    WHERE p.oid <> c.oid AND " + any(all(), "s", "p") + ")");
        return String.join("\n", lines);
    }

    private List<String> patterns() {
        return tables.stream()
                .filter(TableConfig::isPattern)
                .map(TableConfig::table)
                .toList();
    }

    private List<String> all() {
        return Stream.concat(tables.stream().map(TableConfig::table), excluded.stream())
                .toList();
    }

    private static String any(List<String> texts, String schema, String table) {
        return texts.stream().map(text -> condition(text, schema, table)).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String condition(String text, String schema, String table) {
        TableId parts = TableId.parse(text);
        Matcher split = TWO_PARTS.matcher(text);
        boolean qualified = split.matches();
        return "(" + one(schema + ".nspname", parts.schema(), qualified && TableEntries.isPattern(split.group(1)))
                + " AND "
                + one(table + ".relname", parts.name(), TableEntries.isPattern(qualified ? split.group(2) : text))
                + ")";
    }

    private static String one(String column, String name, boolean glob) {
        return glob ? column + " LIKE " + SqlText.like(name) : column + " = " + SqlText.literal(name);
    }
}
