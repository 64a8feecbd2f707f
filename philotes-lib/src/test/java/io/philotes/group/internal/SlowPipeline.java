// SPDX-License-Identifier: Apache-2.0
package io.philotes.group.internal;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.Sink;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Runs until {@link #end}, whoever tells it to stop: as one whose storage does not answer. */
final class SlowPipeline implements Pipeline {

    private final CountDownLatch ended = new CountDownLatch(1);

    void end() {
        ended.countDown();
    }

    @Override
    public String name() {
        return "m";
    }

    @Override
    public PipelineStatus status() {
        Lsn zero = Lsn.ZERO;
        return new PipelineStatus(
                name(),
                ended.getCount() == 0 ? PipelineState.STOPPED : PipelineState.RUNNING,
                Optional.empty(),
                new PipelineStatus.Positions(zero, zero, zero, zero, zero),
                0,
                Duration.ZERO,
                0,
                0,
                0,
                0,
                Optional.empty(),
                false,
                Optional.empty(),
                List.of());
    }

    @Override
    public void stop(Duration timeout) {
        // It hears, and cannot yet.
    }

    @Override
    public void awaitStopped() throws InterruptedException {
        ended.await();
    }

    @Override
    public void pause() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resume() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resync(Collection<TableId> tables) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resync(String sink, Collection<TableId> tables) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addSink(String name, Sink sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeSink(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void runUntilCaughtUp(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public VerifyReport verify(VerifyRequest request) {
        throw new UnsupportedOperationException();
    }
}
