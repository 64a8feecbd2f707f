// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Incarnation;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.source.RenewedMark;
import io.philotes.source.SourceIdentity;
import java.util.Optional;

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

    /**
     * Looks whether the source is the known one, and takes over what was not known of it.
     *
     * @param held end of what is held of it here
     */
    synchronized void require(SourceIdentity source, Lsn held) {
        SamePast.require(known, source, held);
        Optional<Incarnation> mark = known.incarnation().or(() -> source.mark().incarnation());
        SourceMark now = source.mark();
        known = new SourceMark(now.systemId(), now.timelines(), now.database(), now.publication(), mark).orElse(known);
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
