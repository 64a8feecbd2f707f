// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.RelationSchema;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest known version of each relation, over all streams and copies of one pipeline. Thread-safe. */
final class KnownRelations {

    private final Map<Integer, RelationSchema> newest = new ConcurrentHashMap<>();

    Optional<RelationSchema> newest(int oid) {
        return Optional.ofNullable(newest.get(oid));
    }

    /** Remembers a version; the answer is the instance known already when its content is the same. */
    RelationSchema remember(RelationSchema version) {
        return newest.merge(version.oid(), version, (known, given) -> known.equals(given) ? known : given);
    }
}
