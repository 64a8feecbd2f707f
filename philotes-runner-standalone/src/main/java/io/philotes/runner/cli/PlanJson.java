// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.pipeline.PipelinePlan;
import io.philotes.sink.TablePlan;
import java.util.List;

/** A plan as JSON shows it. Immutable. */
record PlanJson(
        String pipeline,
        List<String> steps,
        List<Table> tables,
        long indexBytes,
        long bufferBytes,
        long budgetBytes,
        boolean fitsBudget) {

    /** One table. */
    record Table(
            String table,
            String target,
            String action,
            String mode,
            List<TablePlan.ColumnPlan> columns,
            List<String> notes) {

        static Table of(TablePlan plan) {
            return new Table(
                    plan.table().toString(), plan.target(), plan.action(), plan.mode(), plan.columns(), plan.notes());
        }
    }

    static PlanJson of(PipelinePlan plan) {
        return new PlanJson(
                plan.pipeline(),
                plan.steps(),
                plan.tables().stream().map(Table::of).toList(),
                plan.indexBytes(),
                plan.bufferBytes(),
                plan.budgetBytes(),
                plan.fitsBudget());
    }
}
