// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import io.philotes.source.SourceIdentity;
import io.philotes.source.SourceLook;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers: the heartbeat that lets an idle database's slot move, with a look at the server's WAL end; and the looks at the
 * catalog for what the stream does not tell. Owns its own short connections and no progress: it only raises what the server
 * told, and hands what it saw to the apply thread.
 */
final class Housekeeper {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);

    /** How soon a wish for a look is noticed. */
    private static final Duration TICK = Duration.ofMillis(200);

    private final PipelineSettings settings;
    private final AttachedSource source;
    private final Progress progress;
    private final Lifecycle lifecycle;
    private final Looks looks;
    private final BufferPressure pressure;
    private final SourceGuard guard;
    private final WalWatch walWatch;
    private long heartbeatAt;
    private long lookAt;
    private long walLookAt = System.nanoTime();
    private long markAt = System.nanoTime();
    private long markedAtChanges = -1;
    private boolean blind;
    private boolean blindToWal;

    Housekeeper(PipelineSettings settings, AttachedSource source, RunState run) {
        this.settings = settings;
        this.source = source;
        this.progress = run.progress();
        this.lifecycle = run.lifecycle();
        this.looks = run.looks();
        this.pressure = new BufferPressure(settings, run);
        this.guard = run.guard();
        this.walWatch = run.walWatch();
        this.heartbeatAt = System.nanoTime() + settings.heartbeatInterval().toNanos();
        this.lookAt = System.nanoTime();
    }

    void run(StopFlag stop) {
        while (!stop.isSet()) {
            rest(stop);
            if (!stop.isSet()) {
                watchWal();
            }
            if (!stop.isSet() && lifecycle.state() == PipelineState.RUNNING) {
                round();
            }
        }
    }

    /** Nobody but a listener that it told leaves this thread interrupted, and what one does concerns nobody else. */
    private void rest(StopFlag stop) {
        try {
            stop.await(TICK);
        } catch (InterruptedException e) {
            LOG.warn("Pipeline {}: a listener left its thread interrupted; the timers go on", settings.name());
        }
    }

    /** Also while nothing streams: that is when WAL piles up. */
    private void watchWal() {
        if (System.nanoTime() - walLookAt < 0 || lifecycle.stopRequested()) {
            return;
        }
        walLookAt = System.nanoTime() + settings.heartbeatInterval().toNanos();
        try {
            source.wal()
                    .flatMap(wal -> walWatch.see(wal, settings.clock().instant()))
                    .ifPresent(this::giveUpSlot);
            blindToWal = false;
        } catch (RuntimeException e) {
            // Nobody warns of a slot that fills the source's disk then, and none is given up.
            if (!blindToWal) {
                LOG.warn("Pipeline {}: the source's WAL cannot be looked at: {}", settings.name(), e.toString());
            }
            blindToWal = true;
        }
    }

    /** Whatever a listener does when it hears of it, the source's disk is in danger. */
    private void giveUpSlot(String why) {
        try {
            lifecycle.fail(
                    new PhilotesException(ErrorCode.SLOT_LOST, "Cannot go on: the slot is given up, because " + why));
        } finally {
            dropSlot(why);
        }
    }

    private void dropSlot(String why) {
        try {
            // Left by a listener, it would cut the waiting for the slot short.
            Thread.interrupted();
            source.giveUpSlot();
            LOG.warn("Pipeline {}: dropped the slot, because {}", settings.name(), why);
        } catch (RuntimeException | Error e) {
            // Nobody looks again, and the source's disk goes on filling.
            LOG.error("Pipeline {}: the slot could not be dropped and goes on keeping WAL", settings.name(), e);
            walWatch.notDropped(String.valueOf(e.getMessage()));
        }
    }

    private void round() {
        try {
            pressure.look();
            if (System.nanoTime() - heartbeatAt >= 0) {
                heartbeatAt = System.nanoTime() + settings.heartbeatInterval().toNanos();
                if (source.heartbeat()) {
                    settings.metrics().heartbeat();
                }
                SourceIdentity seen = source.identify();
                progress.walEnd(seen.walEnd());
                compare(seen);
                renewMark();
            }
        } catch (PhilotesException e) {
            // Capture meets the same trouble and decides; this thread only watches.
            LOG.debug("Pipeline {}: no heartbeat: {}", settings.name(), e.getMessage());
        } catch (RuntimeException e) {
            // Without its timers a pipeline would look well, so they go on; the next round may meet a catalog at rest.
            LOG.warn("Pipeline {}: a heartbeat failed", settings.name(), e);
        }
        if (looks.takeWanted() || System.nanoTime() - lookAt >= 0) {
            lookAt = System.nanoTime() + settings.schemaLookInterval().toNanos();
            look();
        }
    }

    /** A publication that was made again while nothing changed leaves no trace in the stream. */
    private void compare(SourceIdentity seen) {
        guard.doubt(seen)
                .ifPresent(doubt -> LOG.warn(
                        "Pipeline {}: the stream is opened anew, because of what was seen beside it: {}",
                        settings.name(),
                        doubt.reason()));
    }

    /** Left again once the last one counts, and only when something came that a source put back would not have. */
    private void renewMark() {
        boolean something = markedAtChanges != progress.changesReceived();
        if (something && System.nanoTime() - markAt >= 0 && guard.mayRenew()) {
            long changes = progress.changesReceived();
            source.renewMark(guard.mark()).ifPresent(guard::renewed);
            markedAtChanges = changes;
            markAt = System.nanoTime() + 2 * settings.heartbeatInterval().toNanos();
        }
    }

    void look() {
        long began = System.nanoTime();
        try {
            SourceLook seen = source.look();
            looks.add(seen, began, System.nanoTime());
            blind = false;
        } catch (RuntimeException e) {
            // A pipeline that cannot see what the stream does not tell must not look well.
            if (!blind) {
                LOG.warn("Pipeline {}: the source's catalog cannot be looked at: {}", settings.name(), e.toString());
            }
            blind = true;
        }
    }
}
