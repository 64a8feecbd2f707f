// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.pipeline.PipelineSettings;

/**
 * What outlives a session within one run.
 *
 * @param lifecycle state and wishes
 * @param progress the marks
 * @param board where each table is
 * @param checkpoints what is remembered
 * @param backoff how long failures have lasted
 * @param looks what was seen of the source's catalog
 * @param wishes tables that are to be copied
 * @param guard by what the source is known again
 * @param walWatch what the slot keeps at the source
 * @param auto tables that are copied again by themselves
 */
record RunState(
        Lifecycle lifecycle,
        Progress progress,
        TableBoard board,
        CheckpointKeeper checkpoints,
        Backoff backoff,
        Looks looks,
        CopyWishes wishes,
        SourceGuard guard,
        WalWatch walWatch,
        AutoResync auto) {

    /** The beginning of a run. */
    static RunState of(PipelineSettings settings, CheckpointStore store) {
        SourceGuard guard = new SourceGuard();
        Listeners listeners = new Listeners(settings.listeners());
        return new RunState(
                new Lifecycle(settings.name(), listeners),
                new Progress(),
                new TableBoard(settings.name(), listeners),
                new CheckpointKeeper(settings.name(), store, guard),
                new Backoff(settings.retry(), settings.clock()),
                new Looks(),
                new CopyWishes(),
                guard,
                new WalWatch(settings.walGuard(), new AlertBoard(settings.name(), listeners)),
                new AutoResync(settings.resync()));
    }
}
