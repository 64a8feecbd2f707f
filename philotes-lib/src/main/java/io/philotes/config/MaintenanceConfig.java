// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * What is done about what target tables do not need any more. Immutable.
 *
 * @param snapshots how long older table snapshots stay
 * @param orphans what is done about files that nothing knows
 * @param compaction how small files and deleted rows go
 */
public record MaintenanceConfig(SnapshotsConfig snapshots, OrphansConfig orphans, CompactionConfig compaction) {

    public MaintenanceConfig {
        snapshots = snapshots == null ? new SnapshotsConfig(null, null, null, null) : snapshots;
        orphans = orphans == null ? new OrphansConfig(null, null) : orphans;
        compaction = compaction == null ? new CompactionConfig(null, null, null, null) : compaction;
    }
}
