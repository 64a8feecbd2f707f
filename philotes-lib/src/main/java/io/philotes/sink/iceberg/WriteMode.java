// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

/** What a target table holds. */
public enum WriteMode {
    /** The source's rows as they are now, and on demand the deleted ones; see {@link IcebergSinkBuilder#withSoftDelete()}. */
    UPSERT,
    /**
     * Every change as a row of its own, with what happened and where, in {@code _cdc_…} columns. A table copy adds to them and
     * takes none away.
     */
    APPEND
}
