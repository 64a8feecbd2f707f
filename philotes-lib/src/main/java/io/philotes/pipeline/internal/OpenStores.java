// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.error.PhilotesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run keeps open between its beginning and its end. The buffer may be in the hands of another instance: then it is asked
 * for again before each session. Owned by one thread at a time.
 */
final class OpenStores {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStores.class);

    private final PipelineParts parts;
    private final ChangeBuffer buffer;
    private final CheckpointStores checkpoints;
    private boolean ownsBuffer;

    private OpenStores(PipelineParts parts, CheckpointStores checkpoints) {
        this.parts = parts;
        this.buffer = parts.buffer();
        this.checkpoints = checkpoints;
    }

    /** What cannot be opened leaves nothing open behind it: the next try must find the storage free. */
    static OpenStores of(PipelineParts parts, CheckpointStores checkpoints) {
        OpenStores stores = new OpenStores(parts, checkpoints);
        try {
            stores.openUnlessInUse();
            return stores;
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    private void openUnlessInUse() {
        try {
            requireBuffer();
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e) != FailurePolicy.Action.STAND_BY) {
                throw e;
            }
            LOG.info("Pipeline {}: {}", parts.settings().name(), e.getMessage());
        }
        parts.rows().queue().ifPresent(queue -> queue.open(parts.settings().name()));
    }

    /** @throws PhilotesException BUFFER_IN_USE while another instance has it */
    void requireBuffer() {
        if (!ownsBuffer) {
            buffer.open(parts.settings().name());
            ownsBuffer = true;
        }
    }

    void close() {
        buffer.close();
        checkpoints.close();
        parts.rows().queue().ifPresent(DeadLetterQueue::close);
    }
}
