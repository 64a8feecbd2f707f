// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.pipeline.Alert;
import io.philotes.pipeline.SourceStatus;
import io.philotes.source.SlotHolder;
import io.philotes.source.SlotWal;
import io.philotes.source.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What replication costs a source, as JSON shows it: what has no limit, does not grow or is not known is null. Immutable.
 */
public record SourceJson(
        String walEnd,
        Long keepLimitBytes,
        Long limitBytes,
        Long growthBytesPerSecond,
        Long fullInSeconds,
        Slot slot,
        List<Slot> others,
        List<Holder> holders,
        List<Raised> alerts) {

    /** One slot of the server. */
    public record Slot(
            String slot,
            boolean active,
            String walStatus,
            String invalidation,
            long retainedBytes,
            Long safeBytes,
            long catalogXminAge,
            String inactiveSince,
            long spillBytes) {

        static Slot of(SlotWal slot) {
            return new Slot(
                    slot.name(),
                    slot.active(),
                    slot.walStatus(),
                    slot.reason().isEmpty() ? null : slot.reason(),
                    slot.retainedBytes(),
                    limit(slot.safeBytes()),
                    slot.catalogXminAge(),
                    slot.inactiveSince().map(Instant::toString).orElse(null),
                    slot.spillBytes());
        }
    }

    /** A transaction that keeps the slots where they are. */
    public record Holder(String what, boolean prepared, long ageSeconds) {

        static Holder of(SlotHolder holder) {
            return new Holder(holder.what(), holder.prepared(), holder.age().toSeconds());
        }
    }

    /** An alert that is raised. */
    public record Raised(String kind, String severity, String message, String hint) {

        static Raised of(Alert alert) {
            return new Raised(alert.kind().name(), alert.severity().name(), alert.message(), alert.hint());
        }
    }

    /** As a running pipeline has seen it. */
    public static SourceJson of(SourceStatus status) {
        return of(
                status.wal(),
                status.limitBytes(),
                status.growthBytesPerSecond(),
                status.fullIn().map(Duration::toSeconds).orElse(null),
                status.alerts().stream().map(Raised::of).toList());
    }

    /**
     * @param growth null when it is not known
     * @param fullInSeconds null when it does not grow
     */
    public static SourceJson of(WalStatus wal, long limit, Long growth, Long fullInSeconds, List<Raised> alerts) {
        return new SourceJson(
                wal.walEnd().toString(),
                limit(wal.keepLimitBytes()),
                limit(limit),
                growth,
                fullInSeconds,
                wal.slot().map(Slot::of).orElse(null),
                wal.others().stream().map(Slot::of).toList(),
                wal.holders().stream().map(Holder::of).toList(),
                alerts);
    }

    private static Long limit(long bytes) {
        return bytes < 0 ? null : bytes;
    }
}
