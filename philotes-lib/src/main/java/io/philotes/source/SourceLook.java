// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.TableId;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a look at the source's catalog saw that the stream does not tell. Immutable.
 *
 * @param tracking how changes to a table's definition are learned of now
 * @param unpublished configured tables of which not every change is published
 * @param present every configured table that is there now, patterns expanded
 * @param untold tables whose definition changed, where that could not be written into the WAL, with what was seen
 */
public record SourceLook(
        SchemaTracking tracking, Set<TableId> unpublished, Set<TableId> present, Map<TableId, String> untold) {

    public SourceLook {
        Objects.requireNonNull(tracking, "tracking");
        unpublished = Set.copyOf(unpublished);
        present = Set.copyOf(present);
        untold = Map.copyOf(untold);
    }
}
