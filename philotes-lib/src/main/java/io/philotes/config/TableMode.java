// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** How rows are kept in the target. */
public enum TableMode {
    /** The current state: one row for each row of the source. */
    UPSERT,
    /** Every change, with the {@code _cdc_} columns. */
    APPEND
}
