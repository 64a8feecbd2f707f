// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the timelines along which the source is followed known for good, before anything comes from a new one into a buffer that
 * outlives the process: whoever finds it there must not take it for what the source left behind. Owned by the capture thread.
 *
 * <p>One checkpoint that says so is enough, for the buffer is compared with the one that knows most; a sink whose store is away
 * holds up nobody, and stores it before its own next commit.
 */
final class SourceWay {

    private static final Logger LOG = LoggerFactory.getLogger(SourceWay.class);

    private final ChangeBuffer buffer;
    private final Lanes lanes;

    SourceWay(PipelineParts parts, Lanes lanes) {
        this.buffer = parts.buffer();
        this.lanes = lanes;
    }

    /** @throws PhilotesException CHECKPOINT_FAILED when no sink can store it now; each meets what keeps it from that itself */
    void remember() {
        if (!buffer.survivesRestart()) {
            return; // What is in it dies with what is known here.
        }
        boolean known = false;
        RuntimeException failure = null;
        for (Lane lane : lanes) {
            try {
                known |= lane.checkpoints().rememberWay();
            } catch (RuntimeException e) {
                LOG.warn("Pipeline {}: cannot store that the source went on: {}", lane.name(), e.getMessage());
                failure = e;
            }
        }
        if (!known) {
            throw new PhilotesException(
                    ErrorCode.CHECKPOINT_FAILED,
                    "Cannot read on: no sink could store that the source went on to another timeline",
                    failure);
        }
    }
}
