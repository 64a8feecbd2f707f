// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.pipeline.Retry;
import java.util.Optional;

/**
 * What outlives a session within one run, and is of the pipeline as a whole; what is of one sink is in its {@link Lane}.
 *
 * @param lifecycle state and wishes
 * @param progress capture's marks
 * @param lanes the sinks
 * @param stores where their checkpoints are
 * @param buffer where changes wait
 * @param floor from where they need the buffer
 * @param published the tables that they follow, as the publication has them
 * @param looks what was seen of the source's catalog
 * @param pictures what their tables were when the stream was opened
 * @param guard by what the source is known again
 * @param walWatch what the slot keeps at the source
 * @param backoff how long failures of sessions have lasted
 * @param sessionFailures those failures, for the status
 * @param readFailures capture's
 */
record RunState(
        Lifecycle lifecycle,
        Progress progress,
        Lanes lanes,
        CheckpointStores stores,
        ChangeBuffer buffer,
        BufferFloor floor,
        PublishedTables published,
        Looks looks,
        KnownPictures pictures,
        SourceGuard guard,
        WalWatch walWatch,
        Backoff backoff,
        FailureRow sessionFailures,
        FailureRow readFailures) {

    /** The beginning of a run. */
    static RunState of(PipelineParts parts) {
        Lanes lanes = new Lanes();
        SourceGuard guard = new SourceGuard();
        Listeners listeners = new Listeners(parts.settings().listeners());
        CheckpointStores stores = CheckpointStores.of(parts);
        for (SinkPart part : parts.sinks()) {
            lanes.add(new Lane(parts, part, stores.of(part.name()), guard));
        }
        return new RunState(
                new Lifecycle(parts.settings().name(), listeners),
                new Progress(),
                lanes,
                stores,
                parts.buffer(),
                new BufferFloor(parts.buffer()),
                new PublishedTables(lanes),
                new Looks(lanes),
                new KnownPictures(),
                guard,
                new WalWatch(
                        parts.settings().walGuard(),
                        new AlertBoard(parts.settings().name(), listeners)),
                new Backoff(
                        parts.settings().retry(), SteadyTime.of(parts.settings().clock())),
                row(Retry.Stage.SESSION, parts),
                row(Retry.Stage.READ, parts));
    }

    private static FailureRow row(Retry.Stage stage, PipelineParts parts) {
        return new FailureRow(stage, Optional.empty(), parts.settings().clock());
    }
}
