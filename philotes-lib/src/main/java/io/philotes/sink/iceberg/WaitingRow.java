// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.RowView;

/**
 * A row whose unchanged values are still to be read from its older version.
 *
 * @param hi the key's first number
 * @param lo the key's second number
 * @param row what is known of the row, detached
 * @param source location of the older version; that row may be deleted by now, but its values are right
 */
record WaitingRow(long hi, long lo, RowView row, long source) {

    /** Gives another version of the row what it does not carry; what is unknown here stays unchanged there. */
    void completes(RowView other) {
        if (other.hasUnchanged()) {
            for (int fieldId : other.unchangedFieldIds()) {
                other.fillFrom(row, fieldId);
            }
        }
    }
}
