// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;

/** Tells people how source and lake compare. */
final class VerifyText {

    private final PrintWriter out;

    VerifyText(PrintWriter out) {
        this.out = out;
    }

    void print(JsonNode report) {
        boolean several = report.path("tables").findValuesAsText("sink").stream()
                        .distinct()
                        .count()
                > 1;
        report.path("tables").forEach(table -> print(table, several));
        if (report.path("tables").isEmpty()) {
            out.println("nothing was compared: " + report.path("pipeline").asText() + " has no tables");
        }
        out.flush();
    }

    private void print(JsonNode table, boolean withSink) {
        String name = Printable.of(table.path("table").asText())
                + (withSink ? " in " + table.path("sink").asText() : "");
        String reason = Printable.of(table.path("reason").asText());
        String text = switch (table.path("verdict").asText()) {
            case "EQUAL" -> "equal, " + rows(table);
            case "NOT_COMPARED", "NOT_COMPARABLE" -> "not compared";
            case "UNDECIDED" -> "undecided, " + rows(table);
            default -> "DIFFERENT, " + counts(table) + " of " + rows(table);
        };
        out.println(name + ": " + text + (reason.isEmpty() ? "" : ": " + reason));
        table.path("examples").forEach(this::example);
        long more = sum(table) - table.path("examples").size();
        if (more > 0) {
            out.println("  and " + more + " more");
        }
    }

    private static String rows(JsonNode table) {
        return table.path("rows").asLong() + " rows at " + table.path("lsn").asText();
    }

    private static String counts(JsonNode table) {
        return table.path("missing").asLong() + " missing, "
                + table.path("extra").asLong() + " extra, "
                + table.path("different").asLong() + " different"
                + unlessNone(table.path("parked").asLong(), " set aside")
                + unlessNone(table.path("refused").asLong(), " not held");
    }

    private static String unlessNone(long count, String what) {
        return count == 0 ? "" : ", " + count + what;
    }

    private static long sum(JsonNode table) {
        return table.path("missing").asLong()
                + table.path("extra").asLong()
                + table.path("different").asLong()
                + table.path("parked").asLong();
    }

    private void example(JsonNode row) {
        out.println(String.format(
                "  %-9s  %s",
                row.path("kind").asText(), Printable.of(row.path("key").asText())));
        side("source", Printable.of(row.path("source").asText()));
        side("lake", Printable.of(row.path("target").asText()));
    }

    private void side(String name, String values) {
        if (!values.isEmpty()) {
            out.println(String.format("             %-6s  %s", name, values));
        }
    }
}
