// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.dlq.DeadLetterRequests;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A process in which one pipeline runs, of which only the dead letters matter. */
public record OnePipeline(String name, Supplier<Optional<DeadLetterRequests>> letters) implements RunningPipelines {

    @Override
    public List<PipelineStatus> statuses() {
        Lsn lsn = Lsn.ZERO;
        return List.of(new PipelineStatus(
                name,
                PipelineState.RUNNING,
                Optional.empty(),
                new PipelineStatus.Positions(lsn, lsn, lsn, lsn, lsn),
                0,
                Duration.ZERO,
                0,
                0,
                0,
                0,
                Optional.empty(),
                false,
                Optional.empty(),
                List.of()));
    }

    @Override
    public Map<TableId, Long> copies(String pipeline) {
        return Map.of();
    }

    @Override
    public void resync(String pipeline, Collection<TableId> tables) {
        throw new UnsupportedOperationException();
    }

    @Override
    public VerifyReport verify(String pipeline, VerifyRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<DeadLetterRequests> deadLetters(String pipeline) {
        return letters.get();
    }

    @Override
    public void start(String pipeline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop(String pipeline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void pause(String pipeline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resume(String pipeline) {
        throw new UnsupportedOperationException();
    }
}
