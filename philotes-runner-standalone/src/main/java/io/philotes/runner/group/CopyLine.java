// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.runner.terminal.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How far the table copies of one pipeline are, on one line. Asked once a second by one thread. */
final class CopyLine {

    private static final int WIDTH = 20;

    private final Map<TableId, Long> estimates;
    private long lastRows = -1;

    /** @param estimates about how many rows the tables have; negative or absent for unknown */
    CopyLine(Map<TableId, Long> estimates) {
        this.estimates = estimates;
    }

    static boolean isCopying(PipelineStatus status) {
        return status.tables().stream().anyMatch(table -> table.state() == TableState.COPYING);
    }

    /** Such as {@code shop: copying 1 of 3 tables [####      ] 41 %, 820000 of about 2000000 rows, 120000 rows/s}. */
    String text(PipelineStatus status) {
        List<TableStatus> copied = status.tables().stream()
                .filter(table -> table.state() == TableState.COPYING || table.copiedRows() > 0)
                .toList();
        long copying = copied.stream()
                .filter(table -> table.state() == TableState.COPYING)
                .count();
        long rows = copied.stream().mapToLong(TableStatus::copiedRows).sum();
        long rate = lastRows < 0 ? 0 : Math.max(0, rows - lastRows);
        lastRows = rows;
        return Printable.of(status.pipeline()) + ": copying " + copying + " of "
                + status.tables().size() + " tables" + part(copied, rows) + ", " + rate + " rows/s";
    }

    private String part(List<TableStatus> copied, long rows) {
        boolean known = copied.stream().allMatch(table -> estimates.getOrDefault(table.table(), -1L) >= 0);
        long all = copied.stream()
                .mapToLong(table -> estimates.getOrDefault(table.table(), 0L))
                .sum();
        if (!known || all == 0) {
            return ", " + rows + " rows";
        }
        // An estimate may be too small; what is not at its end is not told to be.
        double done = Math.min(0.99, (double) rows / all);
        int full = (int) (done * WIDTH);
        return String.format(
                Locale.ROOT,
                " [%s%s] %d %%, %d of about %d rows",
                "#".repeat(full),
                " ".repeat(WIDTH - full),
                (int) (done * 100),
                rows,
                all);
    }
}
