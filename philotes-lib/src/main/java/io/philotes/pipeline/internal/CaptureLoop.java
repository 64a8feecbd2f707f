// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves changes from the source into the buffer and acknowledges what the buffer answers for: the only place that
 * acknowledges. Owned by the capture thread; {@link #step} can be called without one.
 */
final class CaptureLoop {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);

    /** Short enough that a stop is noticed and keepalives are answered; nothing is lost by returning empty. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final PipelineSettings settings;
    private final AttachedSource source;
    private final ChangeBuffer buffer;
    private final Progress progress;
    private final Lifecycle lifecycle;
    private final Lanes lanes;
    private final SourceGuard guard;
    private final SourceWay way;
    private final SteadyTime time;
    private final Backoff backoff;
    private long opened;
    private final FailureRow failures;
    private ChangeStream stream;

    CaptureLoop(PipelineParts parts, AttachedSource source, RunState run) {
        this.settings = parts.settings();
        this.source = source;
        this.buffer = parts.buffer();
        this.progress = run.progress();
        this.lifecycle = run.lifecycle();
        this.lanes = run.lanes();
        this.guard = run.guard();
        this.way = new SourceWay(parts, run.lanes());
        this.time = SteadyTime.of(settings.clock());
        this.backoff = new Backoff(settings.retry(), time);
        this.failures = run.readFailures();
    }

    /** Runs until the flag says stop; opens the stream again after failures that may pass. */
    void run(StopFlag stop) throws InterruptedException {
        try {
            while (!stop.isSet()) {
                stepOrBackOff(stop);
            }
        } finally {
            closeStream();
        }
    }

    private void stepOrBackOff(StopFlag stop) throws InterruptedException {
        try {
            step(stop, POLL);
        } catch (PhilotesException e) {
            closeStream();
            if (FailurePolicy.actionFor(e) != FailurePolicy.Action.TRY_AGAIN) {
                throw e;
            }
            // A session that begins again for it does not make it younger.
            failures.add(e);
            Duration pause = backoff.next(e);
            LOG.warn("Pipeline {}: {}; tried again in {} ms", settings.name(), e.getMessage(), pause.toMillis());
            settings.metrics().retried("read", e.code().code());
            lifecycle.captureRetries(e);
            stop.await(pause);
        }
    }

    /** One batch, or one idle wait. */
    void step(StopFlag stop, Duration patience) throws InterruptedException {
        if (guard.takeDoubt()) {
            closeStream();
        }
        if (stream == null) {
            buffer.discardIncomplete();
            stream = open();
            opened = time.nanos();
            stream.identity().ifPresent(sender -> guard.require(sender, buffer.appendedUpTo(), lanes::heldUpTo));
            way.remember();
        }
        if (lifecycle.paused()) {
            acknowledge();
            stop.await(patience);
            return;
        }
        ChangeBatch batch = stream.poll(patience);
        progress.walEnd(stream.walEnd());
        if (batch != null) {
            append(batch, stop, patience);
        }
        acknowledge();
        if (batch != null || hasLasted()) {
            failures.end();
            backoff.reset();
        }
    }

    /** A publication that is missing where one was known was dropped: what changes now is in no stream. */
    private ChangeStream open() throws InterruptedException {
        try {
            return source.open(buffer.appendedUpTo());
        } catch (PhilotesException e) {
            if (e.code() == ErrorCode.PUBLICATION_MISSING && guard.mark().publication() != 0) {
                throw new PhilotesException(ErrorCode.PUBLICATION_RECREATED, e.reason(), e);
            }
            throw e;
        }
    }

    /** To be opened is not enough: a stream may break each time at the same place. */
    private boolean hasLasted() {
        return time.since(opened).compareTo(settings.retry().maxDelay()) > 0;
    }

    private void append(ChangeBatch batch, StopFlag stop, Duration patience) throws InterruptedException {
        long began = System.nanoTime();
        Duration behind = behind(batch);
        boolean waited = false;
        try {
            while (!buffer.append(batch, patience)) {
                waited = true;
                progress.waitsForRoom(true);
                if (stop.isSet()) {
                    return; // It was not acknowledged, so it comes again.
                }
                acknowledge();
            }
        } finally {
            progress.waitsForRoom(false);
        }
        if (waited) {
            settings.metrics().backpressure(Duration.ofNanos(System.nanoTime() - began));
        }
        settings.metrics().received(batch, behind);
        progress.received(buffer.appendedUpTo(), batch.changeCount());
    }

    /** How long after its newest commit a batch was read; the server's clock may be ahead of ours. */
    private Duration behind(ChangeBatch batch) {
        if (batch.isEmpty()) {
            return Duration.ZERO;
        }
        long micros = settings.clock().millis() * 1_000 - batch.extent().lastCommitMicros();
        return Duration.of(Math.max(0, micros), ChronoUnit.MICROS);
    }

    private void acknowledge() {
        Lsn durable = buffer.durableUpTo();
        stream.acknowledge(durable);
        progress.acknowledged(durable);
        guard.holds(durable);
    }

    /** Lets the stream go; a transaction that had come in part comes again whole. */
    void closeStream() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
