// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.server.PlanJson;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes plans for people. */
final class PlanText {

    private final PrintWriter out;
    private final Paint paint;

    PlanText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(PlanJson plan) {
        out.println("pipeline " + paint.bold(plan.pipeline()));
        plan.steps().forEach(step -> out.println("  " + step));
        plan.tables().forEach(this::print);
        out.println("  memory: index " + mebibytes(plan.indexBytes()) + ", buffer " + mebibytes(plan.bufferBytes())
                + ", budget " + mebibytes(plan.budgetBytes())
                + (plan.fitsBudget() ? "" : paint.red("  -- does not fit")));
    }

    private void print(PlanJson.Table table) {
        String action = switch (table.action()) {
            case "refuse" -> paint.red(table.action());
            case "copy again", "forget" -> paint.yellow(table.action());
            default -> table.action();
        };
        String target = table.target().isEmpty() ? "" : " " + table.target() + " from";
        String mode = table.mode().isEmpty() ? "" : ", " + table.mode();
        out.println("  " + action + Printable.of(target + " " + table.table() + mode));
        table.notes().forEach(note -> out.println("      note  " + Printable.of(note)));
        if (table.where() != null) {
            out.println("      only rows where " + table.where());
        }
        table.columns().forEach(this::print);
    }

    private void print(PlanJson.Column column) {
        if (column.targetType() == null) {
            out.println(String.format("      %-24s left out", Printable.of(column.name())));
            return;
        }
        List<String> words = new ArrayList<>(List.of(column.exact() ? "exact" : "not every value"));
        Optional.ofNullable(column.rule()).ifPresent(words::add);
        Optional.of(column.note()).filter(note -> !note.isEmpty()).ifPresent(words::add);
        out.println(String.format(
                "      %-24s %-24s -> %-16s %s",
                Printable.of(column.name()),
                Printable.of(column.sourceType()),
                column.targetType(),
                Printable.of(String.join("; ", words))));
    }

    private static String mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }
}
