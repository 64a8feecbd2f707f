// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Objects;
import java.util.Optional;

/**
 * What a sink does about what its tables do not need any more. Immutable.
 *
 * @param snapshots how long older table snapshots stay; empty when somebody else expires them
 */
record Upkeep(Optional<SnapshotRetention> snapshots) {

    Upkeep {
        Objects.requireNonNull(snapshots, "snapshots");
    }
}
