// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** How a table keeps rows. */
public enum RowMode {
    /** One row per key, the newest. */
    UPSERT,
    /** Every change is a row, with the {@link CdcColumns} behind the table's own. */
    APPEND
}
