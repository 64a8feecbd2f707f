// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.TableId;
import io.philotes.source.SchemaTracking;
import io.philotes.source.SourceLook;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks at the source's catalog: the wish for one, and what was seen, which goes to every sink. Thread-safe. */
final class Looks {

    /**
     * One look, and when it was: what it says may be older than what happened to a table since.
     *
     * @param present the configured tables that were there; empty when nobody looked for them
     * @param unpublished those of which not every change was published
     * @param untold changed definitions that the stream does not tell
     * @param beganNanos before it, by {@link System#nanoTime}
     * @param endedNanos after it
     */
    record Look(
            Optional<Set<TableId>> present,
            Set<TableId> unpublished,
            Map<TableId, String> untold,
            long beganNanos,
            long endedNanos) {

        static Look of(SourceLook seen, long beganNanos, long endedNanos) {
            return new Look(Optional.of(seen.present()), seen.unpublished(), seen.untold(), beganNanos, endedNanos);
        }

        /** Tables that were not published until now: nobody sees it any more, so whoever follows them must be told. */
        static Look missed(Set<TableId> unpublished, long beganNanos, long endedNanos) {
            return new Look(Optional.empty(), unpublished, Map.of(), beganNanos, endedNanos);
        }

        /** Whether nothing is lost when only the later one is heeded. */
        boolean saysNoMoreThan(Look later) {
            return untold.isEmpty()
                    && later.present().isPresent() == present.isPresent()
                    && later.unpublished().containsAll(unpublished);
        }
    }

    private final Lanes lanes;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private volatile SchemaTracking tracking;

    Looks(Lanes lanes) {
        this.lanes = lanes;
    }

    /** Asks for a look now. */
    void want() {
        wanted.set(true);
    }

    boolean takeWanted() {
        return wanted.getAndSet(false);
    }

    void add(SourceLook seen, long beganNanos, long endedNanos) {
        tracking = seen.tracking();
        Look look = Look.of(seen, beganNanos, endedNanos);
        lanes.forEach(lane -> lane.looks().add(look));
    }

    Optional<SchemaTracking> tracking() {
        return Optional.ofNullable(tracking);
    }
}
