// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.PipelineSettings;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/**
 * What the readers of a table copy tell, and run on. Immutable.
 *
 * @param settings how the pipeline runs
 * @param board where copied rows are counted
 * @param progress where movement is noted
 * @param lifecycle whether the pipeline stops
 * @param patience how long a copy may go without any row
 * @param threads makes so many helper threads
 */
record CopyContext(
        PipelineSettings settings,
        TableBoard board,
        Progress progress,
        Lifecycle lifecycle,
        Duration patience,
        IntFunction<ExecutorService> threads) {

    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1);

    static CopyContext of(PipelineSettings settings, RunState run) {
        return of(settings, run, threads(settings));
    }

    static CopyContext of(PipelineSettings settings, RunState run, IntFunction<ExecutorService> threads) {
        return new CopyContext(
                settings,
                run.board(),
                run.progress(),
                run.lifecycle(),
                patience(settings.retry().maxDuration()),
                threads);
    }

    static IntFunction<ExecutorService> threads(PipelineSettings settings) {
        return count -> Executors.newFixedThreadPool(count, new NamedThreads("philotes-" + settings.name() + "-copy"));
    }

    /** As long as a failure may last, and at least a minute: a first row may be long in coming. */
    private static Duration patience(Duration failuresMayLast) {
        return failuresMayLast.compareTo(LEAST_PATIENCE) > 0 ? failuresMayLast : LEAST_PATIENCE;
    }
}
