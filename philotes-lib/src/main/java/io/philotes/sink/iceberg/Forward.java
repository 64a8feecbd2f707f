// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;

/**
 * Where the rows of a data file are that compaction put into others. Immutable.
 *
 * @param rows the file's rows, in terms of the run's files
 * @param ordinals the numbers that those files have
 */
record Forward(MovedRows rows, int[] ordinals) {

    /** The location that a row has now, {@link KeyIndex#NOT_FOUND} when it was deleted before it was copied. */
    long of(long position) {
        long moved = rows.of(position);
        return moved == KeyIndex.NOT_FOUND
                ? KeyIndex.NOT_FOUND
                : Location.of(ordinals[Location.ordinal(moved)], Location.position(moved));
    }
}
