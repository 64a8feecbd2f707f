// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.report;

import io.philotes.benchmarks.lake.LakeSize;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.result.Spread;
import java.util.Locale;
import java.util.Optional;

/** A result for people. Stateless. */
public final class TextReport {

    private static final double MIB = 1 << 20;

    private TextReport() {}

    /** Several lines, the last with its end. */
    public static String of(Result result) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s%s: %,d rows, %d repetitions",
                result.workload(),
                result.variant().isEmpty() ? "" : ", " + result.variant(),
                result.rows(),
                result.repetitions().size());
        result.limitRowsPerSecond().ifPresent(figure -> line(text, "  limit       %s rows/s", whole(figure)));
        line(text, "  Philotes    %s rows/s", whole(result.rowsPerSecond()));
        result.debeziumRowsPerSecond().ifPresent(figure -> line(text, "  Debezium    %s rows/s", whole(figure)));
        result.ratioToLimit().ifPresent(figure -> line(text, "  to limit    %s", exact(figure)));
        result.ratioToDebezium().ifPresent(figure -> line(text, "  to Debezium %s", exact(figure)));
        line(
                text,
                "  CPU         %s µs a row, walsender %s; limit: %s, walsender %s",
                median(result.cpuMicrosPerRow()),
                median(result.walsenderMicrosPerRow()),
                median(result.limitCpuMicrosPerRow()),
                median(result.limitWalsenderMicrosPerRow()));
        line(
                text,
                "  memory      heap %.0f MiB (%.0f live), resident %.0f MiB",
                result.peakHeapBytes() / MIB,
                result.peakLiveHeapBytes() / MIB,
                result.peakRssBytes() / MIB);
        line(text, "  start       %s s", exact(result.startSeconds()));
        result.latency()
                .ifPresent(
                        latency -> line(text, "  freshness   p50 %.0f ms, p99 %.0f ms", latency.p50(), latency.p99()));
        result.others().forEach((name, figure) -> line(text, "  %s %s", name, exact(figure)));
        LakeSize lake =
                result.repetitions().get(result.repetitions().size() - 1).lake();
        line(
                text,
                "  lake        %d data files, %d delete files with %,d rows, %.1f MiB, %d table snapshots",
                lake.dataFiles(),
                lake.deleteFiles(),
                lake.deletedRows(),
                lake.bytes() / MIB,
                lake.tableSnapshots());
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private static String whole(Spread figure) {
        return String.format(Locale.ROOT, "%,.0f (%,.0f to %,.0f)", figure.median(), figure.least(), figure.greatest());
    }

    private static String exact(Spread figure) {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", figure.median(), figure.least(), figure.greatest());
    }

    private static String median(Optional<Spread> figure) {
        return figure.map(known -> String.format(Locale.ROOT, "%.2f", known.median()))
                .orElse("unknown");
    }
}
