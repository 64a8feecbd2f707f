// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.ResyncPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which tables are copied again by themselves, and when: at once, then after ten minutes, then after twice as long each time;
 * a day without any begins anew. Owned by the apply thread; outlives a session.
 */
final class AutoResync {

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 5;
    private static final Duration FORGIVEN_AFTER = Duration.ofDays(1);

    private record Tried(Instant at, int times) {

        Instant next() {
            return at.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS)));
        }
    }

    private final ResyncPolicy policy;
    private final Map<TableId, Tried> tried = new HashMap<>();
    private final Set<TableId> refused = new HashSet<>();

    AutoResync(ResyncPolicy policy) {
        this.policy = policy;
    }

    /** A copy of it cannot succeed before a person did something. */
    void refused(TableId table) {
        refused.add(table);
    }

    /** A copy of it began, whoever wanted it. */
    void begun(Collection<TableId> tables) {
        refused.removeAll(tables);
    }

    /** The tables whose time has come, each told once. */
    Set<TableId> due(TableBoard board, Set<TableId> present, Instant now) {
        Set<TableId> due = new HashSet<>();
        if (policy == ResyncPolicy.AUTO) {
            due.addAll(board.inState(TableState.DIVERGED));
            due.addAll(board.inState(TableState.NEEDS_RESYNC));
            due.retainAll(present);
            due.removeAll(refused);
            due.removeIf(table -> isTooSoon(table, now));
            due.forEach(table -> tried.merge(table, new Tried(now, 1), (old, one) -> next(old, now)));
        }
        return due;
    }

    private boolean isTooSoon(TableId table, Instant now) {
        Tried last = tried.get(table);
        return last != null && now.isBefore(last.next());
    }

    private static Tried next(Tried old, Instant now) {
        boolean forgiven = !now.isBefore(old.at().plus(FORGIVEN_AFTER));
        return new Tried(now, forgiven ? 1 : old.times() + 1);
    }
}
