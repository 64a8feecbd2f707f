// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Incarnation;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TimelinePath;
import io.philotes.source.RenewedMark;
import io.philotes.source.SourceIdentity;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * By what this run knows its source again: looked at each time before something is taken from it. Thread-safe; every field
 * is guarded by {@code this}.
 *
 * <p>A renewed mark counts only once everything up to it is held here: a standby that lacks the mark and nothing that is held
 * may well be gone on from.
 */
final class SourceGuard {

    private SourceMark known = SourceMark.UNKNOWN;
    private RenewedMark promised;
    private boolean doubted;

    /** Where no table holds more than that. */
    void require(SourceIdentity source, Lsn held) {
        require(source, held, () -> Lsn.ZERO);
    }

    /**
     * Looks whether the source is the known one, and takes over what was not known of it.
     *
     * @param held end of what is held of it here
     * @param inTables end of what the tables have, which may have been copied since the source told its WAL's end. Asked under the
     *     lock: what a table comes to have meanwhile is counted here, or {@link #whyLeftBehind} compares it with the new way
     */
    synchronized void require(SourceIdentity source, Lsn held, Supplier<Lsn> inTables) {
        SamePast.requireTimeline(known, source.mark(), inTables.get());
        takeOver(known, source, held);
    }

    /**
     * The same at a start, with what a process stored that was here before.
     *
     * @param way along which all came that is held; counts where it says more than is known here
     */
    synchronized void require(SourceIdentity source, Lsn held, TimelinePath way) {
        takeOver(way.current() > known.timelines().current() ? known.with(way) : known, source, held);
    }

    private void takeOver(SourceMark before, SourceIdentity source, Lsn held) {
        SamePast.require(before, source, held);
        Optional<Incarnation> mark = before.incarnation().or(() -> source.mark().incarnation());
        SourceMark now = source.mark();
        known = new SourceMark(now.systemId(), now.timelines(), now.database(), now.publication(), mark).orElse(before);
    }

    /** Whether the stream is as far along the timelines as one who was asked beside it. */
    synchronized boolean hasReached(SourceMark beside) {
        return !known.timelines().isKnown()
                || known.timelines().current() >= beside.timelines().current();
    }

    /** Why what ends at {@code held}, of a source as it was {@code then}, is not in the known past; empty when it is. */
    synchronized Optional<String> whyLeftBehind(SourceMark then, Lsn held) {
        return SamePast.whyLeftBehind(then.timelines(), known.timelines(), held);
    }

    /**
     * Compares what was seen beside the stream, at its address and not over its connection. That decides nothing: whoever reads
     * opens the stream anew, and asks who sends.
     *
     * @return what is not as it was; empty when nothing is
     */
    synchronized Optional<PhilotesException> doubt(SourceIdentity seen) {
        try {
            SamePast.require(known, seen, Lsn.ZERO);
            return Optional.empty();
        } catch (PhilotesException e) {
            doubted = true;
            return Optional.of(e);
        }
    }

    /** Whether the stream must ask again who sends; true once for each doubt. */
    synchronized boolean takeDoubt() {
        boolean was = doubted;
        doubted = false;
        return was;
    }

    /** What of the source is known for certain. */
    synchronized SourceMark mark() {
        return known;
    }

    /** Whether the mark that was left last has come to count, so that another one may be left. */
    synchronized boolean mayRenew() {
        return promised == null && !known.systemId().isEmpty();
    }

    synchronized void renewed(RenewedMark renewal) {
        promised = renewal;
    }

    /** Everything that ends at or before {@code upTo} is held here for good. */
    synchronized void holds(Lsn upTo) {
        if (promised != null && !upTo.isBefore(promised.at())) {
            Optional<Incarnation> renewed = promised.mark().incarnation();
            promised = null;
            if (renewed.isPresent()) {
                known = known.with(renewed.get());
            }
        }
    }
}
