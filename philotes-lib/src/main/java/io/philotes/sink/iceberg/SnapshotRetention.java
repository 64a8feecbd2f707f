// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a table's older table snapshots stay, counted from when the next one took their place. What is older than {@code
 * keepFor}, and what there is more of than {@code keepAtMost}, goes with the table's next commit; the newest
 * {@value #KEEP_AT_LEAST}, and what a tag or branch points at, stay in any case. The files that only expired table snapshots
 * used are deleted {@code keepFiles} later, for the queries that read them. Immutable.
 *
 * <p>A table's own properties {@code history.expire.max-snapshot-age-ms} and {@code history.expire.min-snapshots-to-keep}, if
 * it has them, go before; with {@code gc.enabled=false} nothing of it expires.
 *
 * @param keepFor how long one stays readable by its id or time, at most
 * @param keepAtMost how many stay, at most; not less than {@value #KEEP_AT_LEAST}
 * @param keepFiles how long a query that began before the expiry can still read
 */
public record SnapshotRetention(Duration keepFor, int keepAtMost, Duration keepFiles) {

    /** So many stay whatever their age: the commits whose replies may be under way, and what others have just planned on. */
    public static final int KEEP_AT_LEAST = 10;

    /** Long enough to look at yesterday, and at Friday on Monday. */
    public static final Duration DEFAULT_KEEP_FOR = Duration.ofDays(3);

    /** The metadata is read and written as a whole with each commit, a kilobyte for each table snapshot. */
    public static final int DEFAULT_KEEP_AT_MOST = 100;

    /** Most queries are over by then. */
    public static final Duration DEFAULT_KEEP_FILES = Duration.ofHours(1);

    /** The defaults. */
    public static final SnapshotRetention DEFAULT =
            new SnapshotRetention(DEFAULT_KEEP_FOR, DEFAULT_KEEP_AT_MOST, DEFAULT_KEEP_FILES);

    public SnapshotRetention {
        Objects.requireNonNull(keepFor, "keepFor");
        Objects.requireNonNull(keepFiles, "keepFiles");
        if (keepFor.isNegative() || keepFiles.isNegative()) {
            throw new IllegalArgumentException("durations must not be negative: " + keepFor + ", " + keepFiles);
        }
        if (keepAtMost < KEEP_AT_LEAST) {
            throw new IllegalArgumentException("at least " + KEEP_AT_LEAST + " must be kept: " + keepAtMost);
        }
    }
}
