// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.dlq.DeadLetterRequests;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server asks of the pipelines of this process. Thread-safe. */
public interface RunningPipelines {

    /** The present status of every pipeline of this process, started or not. */
    List<PipelineStatus> statuses();

    /** How many table copies ended since the start, by table; absent for none. */
    Map<TableId, Long> copies(String pipeline);

    /**
     * As {@link io.philotes.pipeline.Pipeline#resync}.
     *
     * @param pipeline one that {@link #statuses} has
     * @param tables empty for all
     */
    void resync(String pipeline, Collection<TableId> tables);

    /**
     * As {@link io.philotes.pipeline.Pipeline#deadLetters}.
     *
     * @param pipeline one that {@link #statuses} has
     */
    Optional<DeadLetterRequests> deadLetters(String pipeline);

    /**
     * As {@link io.philotes.pipeline.Pipeline#verify}; takes as long as both sides are long to read.
     *
     * @param pipeline one that {@link #statuses} has
     */
    VerifyReport verify(String pipeline, VerifyRequest request) throws InterruptedException;

    /** Starts one again that is at its end, or will be because it was stopped; returns at once. No-op for one that runs. */
    void start(String pipeline);

    /** Stops one in order; returns when it is at its end, or took longer than it was given. It may be started again. */
    void stop(String pipeline);

    /** As {@link io.philotes.pipeline.Pipeline#pause}. */
    void pause(String pipeline);

    /** As {@link io.philotes.pipeline.Pipeline#resume}. No-op for one that has not started. */
    void resume(String pipeline);
}
