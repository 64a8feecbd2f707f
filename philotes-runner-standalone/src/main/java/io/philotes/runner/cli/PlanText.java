// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.pipeline.PipelinePlan;
import io.philotes.runner.terminal.Paint;
import io.philotes.sink.TablePlan;
import java.io.PrintWriter;

/** Writes plans for people. */
final class PlanText {

    private final PrintWriter out;
    private final Paint paint;

    PlanText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(PipelinePlan plan) {
        out.println("pipeline " + paint.bold(plan.pipeline()));
        plan.steps().forEach(step -> out.println("  " + step));
        plan.tables().forEach(this::print);
        out.println("  memory: index " + mebibytes(plan.indexBytes()) + ", buffer " + mebibytes(plan.bufferBytes())
                + ", budget " + mebibytes(plan.budgetBytes())
                + (plan.fitsBudget() ? "" : paint.red("  -- does not fit")));
    }

    private void print(TablePlan table) {
        String action = table.action().equals("refuse") ? paint.red(table.action()) : table.action();
        out.println("  " + action + " " + table.target() + " from " + table.table() + ", " + table.mode());
        for (TablePlan.ColumnPlan column : table.columns()) {
            String note = column.note().isEmpty() ? "" : "  -- " + column.note();
            out.println(String.format(
                    "      %-24s %-24s -> %s%s", column.name(), column.sourceType(), column.targetType(), note));
        }
        table.notes().forEach(note -> out.println("      note  " + note));
    }

    private static String mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }
}
