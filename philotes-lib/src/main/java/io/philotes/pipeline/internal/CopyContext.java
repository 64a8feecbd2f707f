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
 * @param lane the sink that is filled, where rows are counted and movement is noted
 * @param published the publication
 * @param guard by what the source is known again
 * @param lifecycle whether the pipeline stops
 * @param patience how long a copy may go without any row
 * @param threads makes so many helper threads
 */
record CopyContext(
        Lane lane,
        PublishedTables published,
        SourceGuard guard,
        Lifecycle lifecycle,
        Duration patience,
        IntFunction<ExecutorService> threads) {

    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1);

    static CopyContext of(Lane lane, RunState run) {
        return of(lane, run, threads(lane.settings()));
    }

    static CopyContext of(Lane lane, RunState run, IntFunction<ExecutorService> threads) {
        return new CopyContext(
                lane,
                run.published(),
                run.guard(),
                run.lifecycle(),
                patience(lane.settings().retry().maxDuration()),
                threads);
    }

    PipelineSettings settings() {
        return lane.settings();
    }

    TableBoard board() {
        return lane.board();
    }

    LaneProgress progress() {
        return lane.progress();
    }

    boolean stopRequested() {
        return lifecycle.stopRequested() || lane.isLeaving();
    }

    static IntFunction<ExecutorService> threads(PipelineSettings settings) {
        return count -> Executors.newFixedThreadPool(count, new NamedThreads("philotes-" + settings.name() + "-copy"));
    }

    /** As long as a failure may last, and at least a minute: a first row may be long in coming. */
    private static Duration patience(Duration failuresMayLast) {
        return failuresMayLast.compareTo(LEAST_PATIENCE) > 0 ? failuresMayLast : LEAST_PATIENCE;
    }
}
