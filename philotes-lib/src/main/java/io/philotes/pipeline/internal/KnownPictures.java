// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the sinks know of the tables, for the source, which understands messages of the past by it: of each table what the sink
 * that is furthest behind knows. Thread-safe; guarded by {@code this}.
 */
final class KnownPictures {

    private record Known(Lsn position, TablePicture picture) {}

    private final Map<TableId, Known> oldest = new HashMap<>();
    private boolean told;

    /** A session begins. */
    synchronized void clear() {
        oldest.clear();
        told = false;
    }

    /**
     * No-op once the source was told.
     *
     * @param position the table's place in the sink that knows it so
     */
    synchronized void add(Lsn position, TablePicture picture) {
        if (told) {
            return;
        }
        oldest.merge(
                picture.relation().table(),
                new Known(position, picture),
                (old, other) -> other.position().isBefore(old.position()) ? other : old);
    }

    synchronized void tell(AttachedSource source) {
        oldest.values().forEach(known -> source.remember(known.picture()));
        told = true;
    }

    /** What the source was told of the table; empty when no sink could say anything. */
    synchronized Optional<TablePicture> told(TableId table) {
        return Optional.ofNullable(oldest.get(table)).map(Known::picture);
    }
}
