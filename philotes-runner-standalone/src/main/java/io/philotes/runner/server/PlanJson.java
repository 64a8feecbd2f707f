// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.PipelineConfig;
import io.philotes.config.TableConfig;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelinePlan;
import io.philotes.sink.TablePlan;
import io.philotes.source.postgres.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plan as JSON shows it, with the rules that the configuration has for each table. Immutable. */
public record PlanJson(
        String pipeline,
        List<String> steps,
        List<Table> tables,
        long indexBytes,
        long bufferBytes,
        long budgetBytes,
        boolean fitsBudget) {

    /** One table; {@code where} is null when all rows are mirrored. */
    public record Table(
            String table,
            String target,
            String action,
            String mode,
            String where,
            List<Column> columns,
            List<String> notes) {

        static Table of(TablePlan plan, TableConfig rules) {
            return new Table(
                    plan.table().toString(),
                    plan.target(),
                    plan.action(),
                    plan.mode(),
                    rules.where().orElse(null),
                    columns(plan, rules),
                    notes(plan.notes()));
        }

        /** Source, sink and engine may say the same: what an earlier note holds is left out. */
        private static List<String> notes(List<String> all) {
            List<String> notes = new ArrayList<>();
            all.stream()
                    .filter(note -> notes.stream().noneMatch(earlier -> earlier.contains(note)))
                    .forEach(notes::add);
            return notes;
        }

        private static List<Column> columns(TablePlan plan, TableConfig rules) {
            List<Column> columns = new ArrayList<>();
            Map<String, Mask> masks = rules.columns().mask();
            for (TablePlan.ColumnPlan column : plan.columns()) {
                Mask mask = masks.get(column.name());
                String rule = mask == null ? null : "mask " + mask.name().toLowerCase(Locale.ROOT);
                columns.add(new Column(
                        column.name(), column.sourceType(), column.targetType(), column.exact(), rule, column.note()));
            }
            if (!columns.isEmpty()) {
                rules.columns()
                        .exclude()
                        .forEach(name -> columns.add(new Column(name, null, null, false, "exclude", "")));
            }
            return columns;
        }
    }

    /**
     * One column.
     *
     * @param sourceType what the source gives on: of a masked column text; null when the column is left out
     * @param targetType null when the column is left out
     * @param exact whether every value is kept: as what it is, or as its exact text
     * @param rule {@code exclude}, or {@code mask} and with what; null for none
     * @param note what is rejected or kept otherwise, or empty
     */
    public record Column(String name, String sourceType, String targetType, boolean exact, String rule, String note) {}

    public static PlanJson of(PipelinePlan plan, PipelineConfig config) {
        return new PlanJson(
                plan.pipeline(),
                plan.steps(),
                plan.tables().stream()
                        .map(table -> Table.of(table, rules(config, table.table())))
                        .toList(),
                plan.indexBytes(),
                plan.bufferBytes(),
                plan.budgetBytes(),
                plan.fitsBudget());
    }

    private static TableConfig rules(PipelineConfig config, TableId table) {
        return config.tables().stream()
                .filter(entry -> TableId.parse(entry.table()).equals(table))
                .findFirst()
                .orElseGet(() -> TableConfig.of(table.toSql()));
    }
}
