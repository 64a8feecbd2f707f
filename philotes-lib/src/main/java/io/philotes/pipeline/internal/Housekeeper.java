// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers: the heartbeat that lets an idle database's slot move, a look at the server's WAL end, and at tables whose
 * changes stopped coming (dropped and created again, or taken out of the publication). Owns its own short connections and no
 * progress: it only raises what the server told, and tells the apply thread.
 */
final class Housekeeper {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);

    private final PipelineSettings settings;
    private final AttachedSource source;
    private final Progress progress;
    private final Lifecycle lifecycle;
    private final SilentTables silent;

    Housekeeper(PipelineSettings settings, AttachedSource source, RunState run) {
        this.settings = settings;
        this.source = source;
        this.progress = run.progress();
        this.lifecycle = run.lifecycle();
        this.silent = run.silent();
    }

    void run(StopFlag stop) throws InterruptedException {
        while (!stop.isSet()) {
            stop.await(settings.heartbeatInterval());
            if (!stop.isSet() && lifecycle.state() == PipelineState.RUNNING) {
                round();
            }
        }
    }

    private void round() {
        try {
            source.heartbeat();
            progress.walEnd(source.identify().walEnd());
            silent.seen(source.look().unpublished());
        } catch (PhilotesException e) {
            // Capture meets the same trouble and decides; this thread only watches.
            LOG.debug("Pipeline {}: no heartbeat: {}", settings.name(), e.getMessage());
        } catch (RuntimeException e) {
            // Without its timers a pipeline would look well, so they go on; the next round may meet a catalog at rest.
            LOG.warn("Pipeline {}: a round of the housekeeper failed", settings.name(), e);
        }
    }
}
