// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TimelinePath;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Compares what is stored here with what the server has, before anything streams: whatever does not fit together is a loud
 * state, never a guess. Stateless.
 */
final class StartDecision {

    private StartDecision() {}

    /**
     * @param stored the checkpoints of those sinks that have one
     * @throws PhilotesException SLOT_IN_USE, CHECKPOINT_MISSING, SOURCE_REWOUND, PUBLICATION_RECREATED or SLOT_LOST
     */
    static void require(SourceIdentity source, Collection<Checkpoint> stored, Optional<SlotState> slot) {
        if (slot.isPresent() && slot.get().active()) {
            throw new PhilotesException(
                    ErrorCode.SLOT_IN_USE,
                    "Cannot stream: slot " + slot.get().name() + " is active for PID "
                            + slot.get().activePid());
        }
        for (Checkpoint one : stored) {
            SamePast.require(one.source(), source, one.heldUpTo());
            requireSlot(one, slot);
        }
        if (stored.isEmpty() && slot.isPresent()) {
            throw new PhilotesException(
                    ErrorCode.CHECKPOINT_MISSING,
                    "Cannot start: slot " + slot.get().name() + " exists, but no checkpoint of this pipeline does");
        }
    }

    /** The way of the source as the sink knows it that went along furthest. */
    static TimelinePath newestWay(Collection<Checkpoint> stored) {
        return stored.stream()
                .map(one -> one.source().timelines())
                .max(Comparator.comparingInt(TimelinePath::current)
                        .thenComparing(way -> way.left().size()))
                .orElse(TimelinePath.UNKNOWN);
    }

    private static void requireSlot(Checkpoint stored, Optional<SlotState> slot) {
        boolean anyLoaded =
                stored.tables().values().stream().anyMatch(t -> t.state().isLoaded());
        if (slot.isEmpty() && anyLoaded) {
            throw new PhilotesException(
                    ErrorCode.SLOT_LOST, "Cannot start: the replication slot does not exist any more");
        }
        if (slot.isPresent() && slot.get().lost()) {
            throw new PhilotesException(
                    ErrorCode.SLOT_LOST,
                    "Cannot start: the server invalidated slot " + slot.get().name());
        }
    }
}
