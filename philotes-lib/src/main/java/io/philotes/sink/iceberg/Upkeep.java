// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sink does about what its tables do not need any more. Immutable.
 *
 * @param snapshots how long older table snapshots stay; empty when somebody else expires them
 * @param orphansOlderThan the age at which files that no table snapshot uses go; empty when they stay
 */
record Upkeep(Optional<SnapshotRetention> snapshots, Optional<Duration> orphansOlderThan) {

    Upkeep {
        Objects.requireNonNull(snapshots, "snapshots");
        Objects.requireNonNull(orphansOlderThan, "orphansOlderThan");
    }
}
