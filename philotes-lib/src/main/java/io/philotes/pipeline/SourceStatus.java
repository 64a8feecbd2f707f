// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.source.WalStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pipeline costs its source, as last seen. Immutable.
 *
 * @param wal what the slots keep
 * @param limitBytes the limit that is reached first, counted as WAL that the slot may keep
 * @param growthBytesPerSecond how fast what the slot keeps grows, smoothed; 0 when it does not, or is not known yet
 * @param fullIn when the limit is reached at this rate; empty when it is not growing
 * @param alerts what is raised now
 */
public record SourceStatus(
        WalStatus wal, long limitBytes, long growthBytesPerSecond, Optional<Duration> fullIn, List<Alert> alerts) {

    public SourceStatus {
        Objects.requireNonNull(wal, "wal");
        Objects.requireNonNull(fullIn, "fullIn");
        alerts = List.copyOf(alerts);
    }
}
