// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.VerifyReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Comparisons that were asked for, each on a thread of its own, one at a time; the newest few results are kept. Thread-safe;
 * every field is guarded by {@code this}.
 */
final class VerifyRuns {

    private static final int MAX_KEPT = 16;

    /** One comparison: under way, or ended with a report or a failure. */
    record Run(String pipeline, Optional<VerifyReport> report, Optional<PhilotesException> failure) {

        boolean isOver() {
            return report.isPresent() || failure.isPresent();
        }
    }

    private final Map<Long, Run> runs = new LinkedHashMap<>();
    private long last;

    /** Begins one; empty when one is under way. */
    synchronized Optional<Long> begin(String pipeline, Callable<VerifyReport> work) {
        if (runs.values().stream().anyMatch(run -> !run.isOver())) {
            return Optional.empty();
        }
        long id = ++last;
        runs.put(id, new Run(pipeline, Optional.empty(), Optional.empty()));
        while (runs.size() > MAX_KEPT) {
            runs.remove(runs.keySet().iterator().next());
        }
        Thread thread = new Thread(() -> run(id, pipeline, work), "philotes-" + pipeline + "-verify");
        thread.setDaemon(true);
        thread.start();
        return Optional.of(id);
    }

    private void run(long id, String pipeline, Callable<VerifyReport> work) {
        try {
            ended(id, new Run(pipeline, Optional.of(work.call()), Optional.empty()));
        } catch (PhilotesException e) {
            ended(id, failed(pipeline, e));
        } catch (Exception e) {
            ended(id, failed(pipeline, new PhilotesException(ErrorCode.DEFECT, "Cannot verify: " + e, e)));
        } catch (Error e) {
            ended(id, failed(pipeline, new PhilotesException(ErrorCode.DEFECT, "Cannot verify: " + e, e)));
            throw e;
        }
    }

    private static Run failed(String pipeline, PhilotesException failure) {
        return new Run(pipeline, Optional.empty(), Optional.of(failure));
    }

    private synchronized void ended(long id, Run run) {
        runs.replace(id, run);
    }

    synchronized Optional<Run> find(String pipeline, long id) {
        return Optional.ofNullable(runs.get(id)).filter(run -> run.pipeline().equals(pipeline));
    }
}
