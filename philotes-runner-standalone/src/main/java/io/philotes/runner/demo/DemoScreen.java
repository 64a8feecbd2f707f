// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Shows the demo while it runs: a table that is drawn anew on a terminal, a line now and then elsewhere. For one thread. */
final class DemoScreen {

    private static final int PLAIN_EVERY_SECONDS = 3;

    private final PrintWriter out;
    private final Paint paint;
    private final boolean redraws;
    private final Path lake;
    private int drawnLines;
    private long lastChanges;

    /** @param out where people look: not where the JSON goes */
    DemoScreen(Terminal terminal, PrintWriter out, Paint paint, Path lake) {
        this.out = out;
        this.paint = paint;
        this.redraws = terminal.isInteractive();
        this.lake = lake;
    }

    void say(String text) {
        drawnLines = 0;
        out.println(text);
        out.flush();
    }

    /** Called once a second. */
    void show(int second, int seconds, PipelineStatus status, DemoCounters counters, LagSamples lag) {
        long rate = counters.changes() - lastChanges;
        lastChanges = counters.changes();
        String summary = String.format(
                Locale.ROOT,
                "%3d/%d s  %-8s  %5d changes/s  lag %4d ms  %4d commits  %4d files  buffer %d KiB",
                second,
                seconds,
                status.state(),
                rate,
                lag.percentile(0.5),
                counters.commits(),
                files(),
                status.bufferBytes() >> 10);
        if (redraws) {
            redraw(summary, status);
        } else if (second % PLAIN_EVERY_SECONDS == 0) {
            say(summary);
        }
    }

    private void redraw(String summary, PipelineStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(paint.bold(summary));
        lines.add(String.format("  %-22s %-10s %10s %10s %8s", "TABLE", "STATE", "COPIED", "CHANGES", "COMMITS"));
        for (TableStatus table : status.tables()) {
            lines.add(String.format(
                    "  %-22s %-10s %10d %10d %8d",
                    table.table(), table.state(), table.copiedRows(), table.committedRows(), table.commits()));
        }
        if (drawnLines > 0) {
            out.print("\u001b[" + drawnLines + "A\u001b[J");
        }
        lines.forEach(out::println);
        out.flush();
        drawnLines = lines.size();
    }

    private long files() {
        try (Stream<Path> files = Files.walk(lake.resolve("warehouse"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException | java.io.UncheckedIOException e) {
            // A file went while it was counted; the next second counts again.
            return 0;
        }
    }
}
