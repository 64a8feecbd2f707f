// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.pipeline.internal.ByteText;
import io.philotes.runner.server.SourceJson;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;
import java.time.Duration;

/** Writes what slots keep for people: the pipeline's own first, then the server's others. */
final class WalText {

    private static final String ROW = "  %-32s %-6s %-10s %12s %12s %14s";

    private final PrintWriter out;
    private final Paint paint;

    WalText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(String pipeline, SourceJson source) {
        out.println(paint.bold("pipeline " + pipeline) + "  WAL end " + source.walEnd() + ", max_slot_wal_keep_size "
                + (source.keepLimitBytes() == null ? "unlimited" : ByteText.of(source.keepLimitBytes()))
                + ", told or acted on at " + ByteText.of(source.limitBytes()));
        out.println(String.format(ROW, "SLOT", "READ", "STATUS", "KEEPS", "SAFE", "CATALOG XMIN"));
        if (source.slot() == null) {
            out.println("  " + paint.yellow("the pipeline has no slot"));
        } else {
            print(source.slot(), "");
        }
        source.others().forEach(slot -> print(slot, " (other)"));
        source.holders()
                .forEach(holder -> out.println("  "
                        + paint.yellow(Printable.of(holder.what()) + " is open for "
                                + ByteText.of(Duration.ofSeconds(holder.ageSeconds()))
                                + " and keeps all slots where they are")));
        out.println("  " + forecast(source));
    }

    private void print(SourceJson.Slot slot, String mark) {
        String row = String.format(
                ROW,
                slot.slot() + mark,
                slot.active() ? "yes" : "no",
                slot.walStatus(),
                ByteText.of(slot.retainedBytes()),
                slot.safeBytes() == null ? "-" : ByteText.of(slot.safeBytes()),
                slot.catalogXminAge());
        out.println(slot.walStatus().equals("reserved") ? row : paint.yellow(row));
        if (slot.invalidation() != null) {
            out.println("    " + paint.red("invalidated: " + Printable.of(slot.invalidation())));
        }
    }

    private static String forecast(SourceJson source) {
        return source.fullInSeconds() == null
                ? "not growing while looked at"
                : "full in " + ByteText.of(Duration.ofSeconds(source.fullInSeconds())) + " at "
                        + ByteText.of(source.growthBytesPerSecond()) + "/s";
    }
}
