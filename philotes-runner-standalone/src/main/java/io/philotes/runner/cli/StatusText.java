// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.pipeline.internal.ByteText;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;
import java.time.Duration;

/** Writes statuses for people: a line for each pipeline, for each of several sinks, and for each table. */
final class StatusText {

    private static final String ROW = "%-32s %-12s %12s %14s %14s %10s  %s";

    private final PrintWriter out;
    private final Paint paint;

    StatusText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(JsonNode pipelines) {
        out.println(paint.bold(String.format(
                ROW, "PIPELINE / TABLE", "STATE", "LAG", "LAG BYTES", "CHANGES", "COMMITS", "LAST COMMIT")));
        for (JsonNode pipeline : pipelines) {
            out.println(String.format(
                    ROW,
                    pipeline.path("pipeline").asText(),
                    pipeline.path("state").asText(),
                    pipeline.path("lagMillis").asLong() + " ms",
                    pipeline.path("lagBytes").asText(),
                    pipeline.path("changesReceived").asText(),
                    pipeline.path("commits").asText(),
                    pipeline.path("lastCommit").asText("-")));
            if (pipeline.hasNonNull("schemaTracking")) {
                out.println(
                        "  schema tracking: " + pipeline.path("schemaTracking").asText());
            }
            printSource(pipeline.path("source"));
            if (pipeline.hasNonNull("failure")) {
                JsonNode failure = pipeline.path("failure");
                out.println("  " + paint.red(text(failure, "message")));
                out.println("  hint  " + text(failure, "hint"));
            }
            String shown = text(pipeline.path("failure"), "message");
            pipeline.path("retries").forEach(retry -> printRetry(retry, shown));
            if (pipeline.path("sinks").size() > 1) {
                pipeline.path("sinks").forEach(this::printSink);
            } else {
                pipeline.path("tables").forEach(table -> printTable("  ", table));
            }
        }
    }

    /** @param shown what is said of the pipeline already */
    private void printRetry(JsonNode retry, String shown) {
        String sink = retry.hasNonNull("sink") ? " " + retry.path("sink").asText() : "";
        long failures = retry.path("failures").asLong();
        String last = text(retry.path("failure"), "message");
        out.println("  tried again: " + retry.path("stage").asText() + sink + ", " + failures
                + (failures == 1 ? " failure" : " failures") + " since "
                + retry.path("since").asText() + (last.equals(shown) ? "" : ": " + paint.red(last)));
    }

    /** Names and what servers say come from elsewhere. */
    private static String text(JsonNode node, String field) {
        return Printable.of(node.path(field).asText());
    }

    private void printSource(JsonNode source) {
        if (source.path("slot").isObject()) {
            JsonNode slot = source.path("slot");
            String full = source.hasNonNull("fullInSeconds")
                    ? ", full in "
                            + ByteText.of(Duration.ofSeconds(
                                    source.path("fullInSeconds").asLong()))
                    : "";
            out.println("  source: " + slot.path("slot").asText() + " keeps "
                    + ByteText.of(slot.path("retainedBytes").asLong()) + " of WAL ("
                    + slot.path("walStatus").asText() + ")" + full);
        }
        for (JsonNode alert : source.path("alerts")) {
            out.println("  " + paint.yellow(text(alert, "message")));
            out.println("  hint  " + text(alert, "hint"));
        }
    }

    private void printSink(JsonNode sink) {
        out.println(String.format(
                ROW,
                "  sink " + sink.path("name").asText(),
                sink.path("state").asText(),
                sink.path("lagMillis").asLong() + " ms",
                sink.path("lagBytes").asText(),
                "",
                sink.path("commits").asText(),
                sink.path("lastCommit").asText("-")));
        if (sink.hasNonNull("failure")) {
            out.println("    " + paint.red(text(sink.path("failure"), "message")));
            out.println("    hint  " + text(sink.path("failure"), "hint"));
        }
        sink.path("tables").forEach(table -> printTable("    ", table));
    }

    private void printTable(String indent, JsonNode table) {
        long rows =
                table.path("copiedRows").asLong() + table.path("committedRows").asLong();
        out.println(String.format(
                ROW,
                indent + text(table, "table"),
                table.path("state").asText(),
                "",
                "",
                rows,
                table.path("commits").asText(),
                table.path("lastCommit").asText("-")));
        if (table.path("deadLetters").asLong() > 0) {
            out.println(indent + "  "
                    + paint.yellow(table.path("deadLetters").asText() + " changes are set aside and missing here"));
        }
        if (table.hasNonNull("reason")) {
            out.println(indent + "  " + paint.yellow(text(table, "reason")));
        }
        if (table.hasNonNull("hint")) {
            out.println(indent + "  hint  " + text(table, "hint"));
        }
    }
}
