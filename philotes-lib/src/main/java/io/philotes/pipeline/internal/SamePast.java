// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Incarnation;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TimelinePath;
import io.philotes.source.SourceIdentity;
import java.util.Optional;

/**
 * Whether a source is the one that is known, at the place where everything that is held of it is still true. Positions say
 * nothing about that: a database that was put back hands out the same ones for other changes. Stateless.
 */
final class SamePast {

    private SamePast() {}

    /**
     * @param known what was last known of the source; what is unknown is not compared
     * @param held end of what is held of it here
     * @throws PhilotesException SOURCE_REWOUND or PUBLICATION_RECREATED
     */
    static void require(SourceMark known, SourceIdentity source, Lsn held) {
        if (!known.systemId().isEmpty() && !known.systemId().equals(source.systemId())) {
            throw rewound("the source's system identifier is " + source.systemId() + ", not " + known.systemId());
        }
        SourceMark now = source.mark();
        if (known.database() != 0 && now.database() != 0 && known.database() != now.database()) {
            throw rewound("the database " + source.database() + " is another one than before, of the same name");
        }
        requireTimeline(known, now, held);
        requireWalEnd(source, held);
        requirePublication(known, now);
        requireIncarnation(known.incarnation(), now.incarnation());
    }

    /** The same of the timelines alone. */
    static void requireTimeline(SourceMark known, SourceMark now, Lsn held) {
        whyLeftBehind(known.timelines(), now.timelines(), held).ifPresent(why -> {
            throw rewound(why);
        });
    }

    /** Why what ends at {@code held} on the way {@code known} is not on the way {@code now}; empty when it is. */
    static Optional<String> whyLeftBehind(TimelinePath known, TimelinePath now, Lsn held) {
        if (!known.isKnown() || !now.isKnown()) {
            return Optional.empty();
        }
        if (!now.continues(known)) {
            return Optional.of("the source's timelines are " + now + ", which do not go on from " + known);
        }
        Lsn left = now.leftAt(known);
        return left.isBefore(held)
                ? Optional.of("the source went on to timeline " + now.current() + " from " + left
                        + ", and what ends at " + held + " is held here")
                : Optional.empty();
    }

    /** @throws PhilotesException SOURCE_REWOUND when the source has not come so far */
    static void requireWalEnd(SourceIdentity source, Lsn held) {
        if (source.walEnd().isBefore(held)) {
            throw rewound("the source's WAL ends at " + source.walEnd() + ", before " + held + " which is held here");
        }
    }

    private static void requirePublication(SourceMark known, SourceMark now) {
        if (known.publication() != 0 && known.publication() != now.publication()) {
            String what = now.publication() == 0 ? "was dropped" : "was dropped and created again, or is another one";
            throw new PhilotesException(
                    ErrorCode.PUBLICATION_RECREATED, "Cannot go on from what is stored: the publication " + what);
        }
    }

    private static void requireIncarnation(Optional<Incarnation> known, Optional<Incarnation> now) {
        if (known.isEmpty()) {
            return;
        }
        if (now.isEmpty()) {
            throw rewound("the mark that was left in the source is not there any more");
        }
        boolean later = now.get().id().equals(known.get().id())
                && now.get().counter() >= known.get().counter();
        if (!later) {
            throw rewound("the source was put back to an earlier time: its mark is " + text(now.get()) + ", "
                    + text(known.get()) + " was seen there before");
        }
    }

    private static String text(Incarnation mark) {
        return mark.id().substring(0, Math.min(8, mark.id().length())) + ":" + mark.counter();
    }

    private static PhilotesException rewound(String why) {
        return new PhilotesException(ErrorCode.SOURCE_REWOUND, "Cannot go on from what is stored: " + why);
    }
}
