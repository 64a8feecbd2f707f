// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.runner.terminal.Terminal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far table copies are: on one line that is drawn anew where a person watches standard error, in a log line every
 * ten seconds elsewhere. Looks once a second, in a thread of its own that owns everything here.
 */
public final class CopyProgress implements AutoCloseable {

    /** Back to the beginning of the line, and away with what is there. */
    public static final String CLEAR = "\r\u001b[K";

    private static final Logger LOG = LoggerFactory.getLogger(CopyProgress.class);
    private static final int PLAIN_EVERY = 10;

    private final Supplier<List<PipelineStatus>> statuses;
    private final Function<String, Map<TableId, Long>> estimates;
    private final Terminal terminal;
    private final Map<String, CopyLine> lines = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "philotes-progress");
        thread.setDaemon(true);
        return thread;
    });
    private long seconds;
    private boolean drawn;

    CopyProgress(
            Supplier<List<PipelineStatus>> statuses,
            Function<String, Map<TableId, Long>> estimates,
            Terminal terminal) {
        this.statuses = statuses;
        this.estimates = estimates;
        this.terminal = terminal;
    }

    /**
     * Begins to look.
     *
     * @param statuses of all pipelines, now
     * @param estimates gives about how many rows a pipeline's tables have; negative for unknown. May fail
     */
    public static CopyProgress start(
            Supplier<List<PipelineStatus>> statuses,
            Function<String, Map<TableId, Long>> estimates,
            Terminal terminal) {
        CopyProgress progress = new CopyProgress(statuses, estimates, terminal);
        progress.clock.scheduleWithFixedDelay(progress::tick, 1, 1, TimeUnit.SECONDS);
        return progress;
    }

    /** What is done each second. */
    void tick() {
        try {
            seconds++;
            List<String> copying = statuses.get().stream()
                    .filter(CopyLine::isCopying)
                    .map(status ->
                            lines.computeIfAbsent(status.pipeline(), this::line).text(status))
                    .toList();
            if (terminal.showsProgress()) {
                draw(copying);
            } else if (seconds % PLAIN_EVERY == 0) {
                copying.forEach(LOG::info);
            }
        } catch (RuntimeException e) {
            // Progress is a comfort; what is wrong is told by whoever it is wrong with.
            LOG.debug("Progress cannot be told", e);
        }
    }

    private CopyLine line(String pipeline) {
        try {
            return new CopyLine(estimates.apply(pipeline));
        } catch (RuntimeException e) {
            LOG.debug("The size of the tables of {} is not known", pipeline, e);
            return new CopyLine(Map.of());
        }
    }

    private void draw(List<String> copying) {
        if (drawn || !copying.isEmpty()) {
            terminal.err().print(CLEAR + String.join("   ", copying));
            terminal.err().flush();
            drawn = !copying.isEmpty();
        }
    }

    /** Ends the looking; the line goes. */
    @Override
    public void close() {
        clock.shutdownNow();
        if (terminal.showsProgress()) {
            terminal.err().print(CLEAR);
            terminal.err().flush();
        }
    }
}
