// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.pipeline.internal.ByteText;
import io.philotes.runner.server.Suggested;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import io.philotes.source.postgres.FoundTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Writes for people what tables were found, and what to paste into the configuration. */
final class FoundText {

    private static final String ROW = "%-36s %12s %12s %-20s %-9s %-7s %s";

    private final PrintWriter out;
    private final Paint paint;

    FoundText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(List<FoundTable> tables) {
        out.println(paint.bold(line("TABLE", "ROWS", "SIZE", "PRIMARY KEY", "IDENTITY", "MODE", "")
                .strip()));
        tables.forEach(this::row);
        out.println();
        printEntries(tables);
    }

    private void row(FoundTable found) {
        Suggested suggested = Suggested.of(found);
        String key = found.primaryKey().isEmpty() ? "-" : String.join(", ", found.primaryKey());
        String row = line(
                Printable.of(found.table().toString()),
                rows(found),
                ByteText.of(found.size().bytes()),
                Printable.of(key),
                found.identity().name().toLowerCase(Locale.ROOT),
                suggested.mode().name().toLowerCase(Locale.ROOT),
                suggested.ready() ? suggested.note() : paint.yellow(suggested.note()));
        out.println(row.stripTrailing());
        if (!suggested.fix().isEmpty()) {
            out.println("  fix  " + Printable.of(suggested.fix()));
        }
    }

    private static String line(String... cells) {
        return String.format(Locale.ROOT, ROW, (Object[]) cells);
    }

    private static String rows(FoundTable found) {
        long rows = found.size().rows();
        return rows < 0 ? "unknown" : "~" + rows;
    }

    /** The key {@code tables} with its entries. */
    void printEntries(List<FoundTable> tables) {
        if (tables.isEmpty()) {
            out.println("# no table matches");
            return;
        }
        out.println("tables:");
        tables.forEach(
                found -> TableYaml.entry(found.table(), Suggested.of(found)).forEach(line -> out.println("  " + line)));
    }
}
