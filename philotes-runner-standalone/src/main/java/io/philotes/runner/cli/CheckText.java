// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;
import java.util.Map;

/** Writes check reports for people: one line for each finding, and under it what mends it. */
final class CheckText {

    private final PrintWriter out;
    private final Paint paint;

    CheckText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(String file, Map<String, CheckReport> reports) {
        reports.forEach((pipeline, report) -> {
            out.println(file + "  pipeline " + paint.bold(pipeline));
            report.findings().forEach(this::print);
        });
        long errors = reports.values().stream().mapToLong(CheckReport::errors).sum();
        long warnings =
                reports.values().stream().mapToLong(CheckReport::warnings).sum();
        String sum = counted(errors, "error") + ", " + counted(warnings, "warning") + ".";
        out.println(errors > 0 ? paint.red(sum) : warnings > 0 ? paint.yellow(sum) : paint.green(sum));
    }

    private void print(Finding finding) {
        String mark = switch (finding.severity()) {
            case OK -> paint.green("ok  ");
            case WARN -> paint.yellow("warn");
            case ERROR -> paint.red("FAIL");
        };
        String subject = finding.code()
                .map(code -> code.code() + " " + finding.subject() + ": ")
                .orElseGet(() -> String.format("%-22s ", finding.subject()));
        out.println("  " + mark + "  " + Printable.lines(subject + finding.message()));
        finding.fix()
                .map(Printable::lines)
                .ifPresent(fix -> out.println("        fix   " + fix.replace("\n", "\n              ")));
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
