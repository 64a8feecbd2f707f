// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.TableId;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tables whose changes do not come any more, on their way from the housekeeper, which sees them, to the apply thread, which
 * owns their state. Thread-safe.
 */
final class SilentTables {

    private final AtomicReference<Set<TableId>> seen = new AtomicReference<>(Set.of());

    void seen(Set<TableId> tables) {
        seen.set(Set.copyOf(tables));
    }

    /** What was seen last, once. */
    Set<TableId> take() {
        return seen.getAndSet(Set.of());
    }
}
