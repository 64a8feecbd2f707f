// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * What is done about what target tables do not need any more. Immutable.
 *
 * @param snapshots how long older table snapshots stay
 */
public record MaintenanceConfig(SnapshotsConfig snapshots) {

    public MaintenanceConfig {
        snapshots = snapshots == null ? new SnapshotsConfig(null, null, null, null) : snapshots;
    }
}
