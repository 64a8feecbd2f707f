// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.source.AttachedSource;
import io.philotes.source.SlotState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits while another instance reads the slot, or has just lost it and still has the buffer, for as long as it takes: also for one that was killed, whose server process
 * keeps the slot until {@code wal_sender_timeout}, and while the server itself does not answer. Owned by the apply thread.
 */
final class StandbyWait {

    private static final Logger LOG = LoggerFactory.getLogger(StandbyWait.class);

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final AttachedSource source;
    private final Lifecycle lifecycle;

    StandbyWait(AttachedSource source, Lifecycle lifecycle) {
        this.source = source;
        this.lifecycle = lifecycle;
    }

    void untilFree() throws InterruptedException {
        do {
            lifecycle.await(PAUSE);
        } while (!lifecycle.stopRequested() && isRead());
    }

    private boolean isRead() {
        try {
            return source.slot().filter(SlotState::active).isPresent();
        } catch (PhilotesException e) {
            LOG.debug("In standby, the slot cannot be looked at", e);
            return true;
        }
    }
}
