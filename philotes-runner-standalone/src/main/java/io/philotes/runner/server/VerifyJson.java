// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.pipeline.VerifyReport;
import java.util.List;
import java.util.Locale;

/** The JSON form of a {@link VerifyReport}. Immutable. */
public record VerifyJson(String pipeline, List<TableJson> tables) {

    /** One table. */
    public record TableJson(
            String table,
            String sink,
            String verdict,
            String lsn,
            long rows,
            long missing,
            long extra,
            long different,
            long parked,
            long undecided,
            long refused,
            boolean complete,
            List<RowJson> examples,
            String reason) {}

    /** One row that differs. */
    public record RowJson(String kind, String key, String source, String target) {}

    public static VerifyJson of(VerifyReport report) {
        return new VerifyJson(
                report.pipeline(), report.tables().stream().map(VerifyJson::of).toList());
    }

    private static TableJson of(VerifyReport.Table table) {
        return new TableJson(
                table.table().toString(),
                table.sink(),
                table.verdict().name(),
                table.lsn().toString(),
                table.rows(),
                table.missing(),
                table.extra(),
                table.different(),
                table.parked(),
                table.undecided(),
                table.refused(),
                table.complete(),
                table.examples().stream()
                        .map(row -> new RowJson(
                                row.kind().name().toLowerCase(Locale.ROOT), row.key(), row.source(), row.target()))
                        .toList(),
                table.reason());
    }
}
