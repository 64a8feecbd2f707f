// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configured rules, applied to relations. A rule holds for every attribute number that its column's name was ever found
 * at: in a Relation message, in the catalog, or by an earlier life of the pipeline. So it may hold for a column too many
 * after names were swapped, and never for one too few. Where one cannot be applied, the relation is refused. Thread-safe.
 */
final class ColumnRules {

    /**
     * Why rules cannot be applied.
     *
     * @param why completes "Cannot apply the rules of the table: "
     * @param fix what to do
     */
    record Fault(String why, String fix) {}

    private final Map<TableId, TableRules> configured;
    private final RuleMemory memory = new RuleMemory();

    ColumnRules(Map<TableId, TableRules> configured) {
        this.configured = Map.copyOf(configured);
    }

    /** Whether there is any rule at all. */
    boolean any() {
        return !configured.isEmpty();
    }

    /** What an earlier life of the pipeline knew. Its relation may be newer than the rules beside it: a row came first. */
    void remember(TablePicture picture) {
        RelationSchema relation = picture.relation();
        learnTable(relation.oid(), relation.table());
        memory.recall(relation, picture.facts().rules());
        relation.columns().forEach(column -> learnColumn(relation.oid(), column.name(), column.attnum()));
    }

    /** A relation version under its rules; {@code now} is the table in the catalog, empty when it was dropped. */
    RuledRelation apply(RelationSchema wire, Optional<CatalogTable> now) {
        learnTable(wire.oid(), wire.table());
        wire.columns().forEach(column -> learnColumn(wire.oid(), column.name(), column.attnum()));
        now.ifPresent(this::learn);
        if (configuredNames(wire.oid()).isEmpty()) {
            return RuledRelation.plain(wire);
        }
        Set<Integer> key = new HashSet<>();
        now.ifPresent(table -> key.addAll(keyOf(table)));
        wire.keyColumns().forEach(i -> key.add(wire.columns().get(i).attnum()));
        Optional<String> refusal = faults(wire.oid(), key).stream().findFirst().map(Fault::why);
        return RuledRelation.of(wire, byAttnum(wire.oid()), memory.maskedMissing(wire.oid()), refusal);
    }

    /** The failure of a table whose rules cannot be applied. */
    static PhilotesException refused(String why) {
        return new PhilotesException(ErrorCode.COLUMN_RULE, "Cannot apply the rules of the table: " + why);
    }

    /** What keeps the rules of a table from being applied; empty when nothing does. */
    List<Fault> faults(CatalogTable table) {
        learn(table);
        return faults(table.oid(), keyOf(table));
    }

    private static Set<Integer> keyOf(CatalogTable table) {
        Set<Integer> key = new HashSet<>(table.primaryKey());
        if (table.identity() == ReplicaIdentity.INDEX) {
            key.addAll(table.identityIndex());
        }
        return key;
    }

    private void learn(CatalogTable table) {
        learnTable(table.oid(), table.id());
        table.columns().stream()
                .filter(column -> !column.dropped())
                .forEach(column -> learnColumn(table.oid(), column.name(), column.attnum()));
    }

    private void learnTable(int oid, TableId name) {
        if (configured.containsKey(name)) {
            memory.table(oid, name);
        }
    }

    private void learnColumn(int oid, String name, int attnum) {
        for (TableId table : configuredNames(oid)) {
            if (rule(table, name) != ColumnRule.KEEP) {
                memory.column(oid, new RuleMemory.Found(table, name, attnum));
            }
        }
    }

    /** The configured tables whose rules the relation has: more than one after renames only. */
    private List<TableId> configuredNames(int oid) {
        return memory.tables(oid).stream().filter(configured::containsKey).toList();
    }

    private ColumnRule rule(TableId table, String column) {
        TableRules rules = configured.getOrDefault(table, TableRules.none());
        if (rules.excluded().contains(column)) {
            return ColumnRule.EXCLUDE;
        }
        Mask mask = rules.masked().get(column);
        return mask == null ? ColumnRule.KEEP : ColumnRule.of(mask);
    }

    private Map<Integer, ColumnRule> byAttnum(int oid) {
        Map<Integer, ColumnRule> rules = new HashMap<>();
        for (RuleMemory.Found found : memory.columns(oid)) {
            rules.merge(found.attnum(), rule(found.table(), found.column()), ColumnRule::stricter);
        }
        return rules;
    }

    private List<Fault> faults(int oid, Set<Integer> key) {
        List<Fault> faults = new ArrayList<>();
        List<RuleMemory.Found> found = memory.columns(oid);
        for (TableId table : configuredNames(oid)) {
            for (String column : columns(table)) {
                if (found.stream()
                        .noneMatch(f -> f.table().equals(table) && f.column().equals(column))) {
                    faults.add(absent(table, column));
                }
            }
        }
        for (RuleMemory.Found one : found) {
            ColumnRule rule = rule(one.table(), one.column());
            if (key.contains(one.attnum()) && !rule.keepsIdentity()) {
                faults.add(inKey(one.column(), rule));
            }
        }
        return faults;
    }

    private List<String> columns(TableId table) {
        List<String> columns = new ArrayList<>(configured.get(table).excluded());
        columns.addAll(configured.get(table).masked().keySet());
        return columns;
    }

    private static Fault absent(TableId table, String column) {
        return new Fault(
                "the table has no column \"" + column + "\", which the rules of " + table
                        + " name: it may have another name now",
                "put the column's name of now into the rules, or take the rule out");
    }

    private static Fault inKey(String column, ColumnRule rule) {
        return new Fault(
                "column \"" + column + "\" is part of the key and cannot be "
                        + (rule == ColumnRule.EXCLUDE ? "left out" : "masked with " + rule.word())
                        + ": its rows could not be told apart",
                "mask it with sha256, or leave the table out");
    }

    /**
     * Columns that no rule names as they are called now, under a rule all the same: the name by which it found them, by that
     * of now. Another column may have taken that name, so that nothing seems to be missing.
     */
    Map<String, String> renamed(CatalogTable table) {
        Map<String, String> renamed = new LinkedHashMap<>();
        for (RuleMemory.Found found : memory.columns(table.oid())) {
            if (rule(found.table(), found.column()) != ColumnRule.KEEP) {
                table.columns().stream()
                        .filter(c -> c.attnum() == found.attnum() && !c.dropped())
                        .filter(c -> rule(found.table(), c.name()) == ColumnRule.KEEP)
                        .forEach(c -> renamed.put(c.name(), found.column()));
            }
        }
        return renamed;
    }

    /** The condition that rows of the table must meet. */
    Optional<String> where(CatalogTable table) {
        learnTable(table.oid(), table.id());
        return configuredNames(table.oid()).stream()
                .flatMap(name -> configured.get(name).where().stream())
                .reduce((one, other) -> "(" + one + ") AND (" + other + ")");
    }

    /** Tables that have rules, of which none of these is one. */
    List<TableId> withoutTable(List<CatalogTable> tables) {
        Set<TableId> absent = new HashSet<>(configured.keySet());
        tables.forEach(table -> {
            learnTable(table.oid(), table.id());
            configuredNames(table.oid()).forEach(absent::remove);
        });
        return absent.stream().sorted().toList();
    }

    /**
     * What is left out, masked or filtered of a relation, as text: {@link #remember} takes it up again, and passes over lines
     * that others add. Empty when nothing is.
     *
     * @param rowFilter the publication's condition, as PostgreSQL spells it
     */
    String text(int oid, Optional<String> rowFilter) {
        List<String> lines = new ArrayList<>();
        configuredNames(oid).forEach(table -> lines.add(RuleMemory.tableLine(table)));
        for (RuleMemory.Found found : memory.columns(oid)) {
            ColumnRule rule = rule(found.table(), found.column());
            if (rule != ColumnRule.KEEP) {
                lines.add(RuleMemory.columnLine(rule, found));
            }
        }
        rowFilter.ifPresent(condition -> lines.add(RuleMemory.whereLine(condition)));
        return String.join("\n", lines);
    }
}
