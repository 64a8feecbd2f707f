// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.value.RowView;

/**
 * What the target has under a key, this commit's changes included. Immutable.
 *
 * @param waiting the row while it waits; null when it does not
 * @param location where the row is, or while it waits where its older version is; {@link KeyIndex#NOT_FOUND} for no row
 * @param isLive whether there is a row, and one that is not marked as deleted
 */
record KeyRow(WaitingRow waiting, long location, boolean isLive) {

    static final KeyRow NONE = new KeyRow(null, KeyIndex.NOT_FOUND, false);

    /** Gives another version of the row what it does not carry and this one knows. */
    void completes(RowView other) {
        if (isLive && waiting != null) {
            waiting.completes(other);
        }
    }
}
