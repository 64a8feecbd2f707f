// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.Map;
import org.apache.iceberg.types.Type;

/** How a table keeps rows, and which {@link CdcColumns} it has behind the table's own. */
public enum RowMode {
    /** One row per key, the newest, and nothing else. */
    UPSERT,
    /** The same, with the columns that say which change wrote a row. */
    UPSERT_CDC,
    /** The same; a deleted row stays with its last values and says so in {@link CdcColumns#DELETED}. */
    UPSERT_SOFT_DELETE,
    /** Every change is a row. */
    APPEND;

    /** Whether a table holds the source's rows, not its history. */
    public boolean mirrors() {
        return this != APPEND;
    }

    /** Whether a deleted row stays, marked as deleted. */
    public boolean keepsDeleted() {
        return this == UPSERT_SOFT_DELETE;
    }

    /** Whether a row says which change wrote it. */
    public boolean hasCdcColumns() {
        return this != UPSERT;
    }

    /** The columns in table order with their types; a list's element id is a placeholder. */
    public Map<String, Type> cdcColumns() {
        return CdcColumns.of(this);
    }
}
