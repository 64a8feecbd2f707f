// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.SnapshotRetention;
import java.time.Duration;

/**
 * How long a target's older table snapshots stay; the defaults are those of {@link SnapshotRetention#DEFAULT}. Immutable.
 *
 * @param expire whether they go at all, true by default
 * @param keepFor how long one stays after the next took its place, at most
 * @param keepAtMost how many stay, at most
 * @param keepFiles how long files that only expired ones used stay
 */
public record SnapshotsConfig(Boolean expire, Duration keepFor, Integer keepAtMost, Duration keepFiles) {

    public SnapshotsConfig {
        expire = expire == null || expire;
        keepFor = Positive.orDefault("keep-for", keepFor, SnapshotRetention.DEFAULT_KEEP_FOR);
        keepAtMost = Positive.orDefault("keep-at-most", keepAtMost, SnapshotRetention.DEFAULT_KEEP_AT_MOST);
        keepFiles = Positive.orDefault("keep-files", keepFiles, SnapshotRetention.DEFAULT_KEEP_FILES);
        if (keepAtMost < SnapshotRetention.KEEP_AT_LEAST) {
            throw new IllegalArgumentException("keep-at-most must be at least " + SnapshotRetention.KEEP_AT_LEAST);
        }
    }

    SnapshotRetention retention() {
        return new SnapshotRetention(keepFor, keepAtMost, keepFiles);
    }
}
