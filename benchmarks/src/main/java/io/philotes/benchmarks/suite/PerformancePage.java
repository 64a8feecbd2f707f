// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Puts results between two markers of a Markdown page; what is outside of them stays. Stateless. */
public final class PerformancePage {

    static final String BEGIN = "<!-- figures: begin; written by bin/benchmark all -->";
    static final String END = "<!-- figures: end -->";

    private static final double MIB = 1 << 20;
    private static final String NONE = "–";

    private PerformancePage() {}

    /** @throws IOException when the page cannot be read or written, or lacks the markers */
    public static void write(Path page, Machine machine, String how, Map<String, JsonNode> results) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("no markers for the figures, page=" + page);
        }
        String figures = figures(machine, how, results);
        Files.writeString(
                page, text.substring(0, begin + BEGIN.length()) + "\n\n" + figures + "\n" + text.substring(end));
    }

    /** What is put between the markers. */
    public static String figures(Machine machine, String how, Map<String, JsonNode> results) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s; %s, %.0f GiB; PostgreSQL %s; %s; %s.%n%n",
                machine.date(),
                machine.processor(),
                machine.memoryBytes() / MIB / 1024,
                machine.postgres(),
                machine.java(),
                how));
        rates(text, results);
        targets(text, results);
        return text.toString();
    }

    /** Of what has a limit; the others are told by their targets alone. */
    private static void rates(StringBuilder text, Map<String, JsonNode> results) {
        text.append("| | rows | Philotes rows/s | limit rows/s | to limit | Debezium rows/s | to Debezium"
                + " | CPU µs/row, walsender | heap, resident MiB | files, deletes, MiB |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|\n");
        results.forEach((key, result) -> {
            if (result.has("failure")) {
                text.append("| " + key + " | failed: " + result.get("failure").asText() + " | | | | | | | | |\n");
            } else if (result.path("limitRowsPerSecond").isNumber()) {
                text.append(row(key, result));
            }
        });
        text.append('\n');
    }

    private static String row(String key, JsonNode result) {
        return "| "
                + String.join(
                        " | ",
                        key,
                        whole(result, "rows"),
                        withSpread(result, "rowsPerSecond", "%,.0f"),
                        whole(result, "limitRowsPerSecond"),
                        withSpread(result, "ratioToLimit", "%.2f"),
                        whole(result, "debeziumRowsPerSecond"),
                        withSpread(result, "ratioToDebezium", "%.2f"),
                        exact(result, "cpuMicrosPerRow") + ", " + exact(result, "walsenderMicrosPerRow"),
                        mib(result, "peakHeapBytes") + ", " + mib(result, "peakRssBytes"),
                        whole(result, "dataFiles") + ", " + whole(result, "deleteFiles") + ", " + mib(result, "bytes"))
                + " |\n";
    }

    private static void targets(StringBuilder text, Map<String, JsonNode> results) {
        text.append("| target | | came out | met |\n|---|---|---|---|\n");
        for (Entry entry : Entries.ALL) {
            JsonNode result = results.get(entry.key());
            if (result != null) {
                entry.targets().forEach(target -> text.append(target(entry.key(), target, result)));
            }
        }
    }

    private static String target(String key, Target target, JsonNode result) {
        double figure = target.figure(result);
        return String.format(
                Locale.ROOT,
                "| %s | %s %s %s | %s | %s |%n",
                key,
                target.isAtLeast() ? "≥" : "<",
                number(target.bound()),
                target.title(),
                Double.isNaN(figure) ? NONE : number(figure),
                target.isMet(result) ? "yes" : "**no**");
    }

    private static String number(double figure) {
        return figure >= 100 ? String.format(Locale.ROOT, "%,.0f", figure) : String.format(Locale.ROOT, "%.2f", figure);
    }

    private static String withSpread(JsonNode result, String name, String format) {
        JsonNode spread = result.path("spread").path(name);
        return result.path(name).isNumber()
                ? String.format(
                        Locale.ROOT,
                        format + " (" + format + "–" + format + ")",
                        result.get(name).asDouble(),
                        spread.path(0).asDouble(),
                        spread.path(1).asDouble())
                : NONE;
    }

    private static String whole(JsonNode result, String name) {
        return formatted(result, name, "%,.0f", 1);
    }

    private static String exact(JsonNode result, String name) {
        return formatted(result, name, "%.2f", 1);
    }

    private static String mib(JsonNode result, String name) {
        return formatted(result, name, "%.0f", MIB);
    }

    private static String formatted(JsonNode result, String name, String format, double unit) {
        return result.path(name).isNumber()
                ? String.format(Locale.ROOT, format, result.get(name).asDouble() / unit)
                : NONE;
    }
}
