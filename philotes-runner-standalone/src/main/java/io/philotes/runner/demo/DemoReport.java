// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.util.List;
import java.util.Locale;

/** Writes down what a demo proved. */
final class DemoReport {

    private final DemoScreen screen;

    DemoReport(DemoScreen screen) {
        this.screen = screen;
    }

    void print(DemoResult result, List<TableComparison> comparisons, List<Revenue> revenues) {
        for (TableComparison table : comparisons) {
            screen.say(String.format(
                    Locale.ROOT,
                    "  %-12s %7d rows  %s",
                    table.table(),
                    table.sourceRows(),
                    table.isEqual() ? "equal" : "DIFFERENT: " + table.lakeRows() + " rows in the lake"));
            table.differences().forEach(difference -> screen.say("      " + difference));
        }
        screen.say(String.format(
                Locale.ROOT,
                "%s: %d rows in %d tables, after %d changes in %d transactions, %d commits, one restart.",
                result.equal() ? "Equal" : "NOT EQUAL",
                result.rows(),
                result.tables(),
                result.changes(),
                result.transactions(),
                result.commits()));
        screen.say(String.format(
                Locale.ROOT,
                "From commit in PostgreSQL to visible in Iceberg: p50 %d ms, p99 %d ms (commit interval 1 s, restart"
                        + " included).",
                result.lagMillis().get("p50"),
                result.lagMillis().get("p99")));
        screen.say("\nRevenue by country, computed from the lake:");
        for (Revenue revenue : revenues) {
            screen.say(String.format(
                    Locale.ROOT, "  %-4s %6d orders %14s", revenue.country(), revenue.orders(), revenue.amount()));
        }
        screen.say("");
    }
}
