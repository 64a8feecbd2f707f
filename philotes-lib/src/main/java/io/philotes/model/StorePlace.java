// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;

/**
 * Where a store that lives in PostgreSQL keeps its tables, so that a source can tell whether it would capture them. Immutable.
 *
 * @param systemId the cluster's system identifier; empty when the role may not know it
 * @param databaseOid the database's oid
 * @param schema the schema that holds the tables
 */
public record StorePlace(String systemId, long databaseOid, String schema) {

    /** What the names of all its tables begin with. */
    public static final String TABLE_PREFIX = "cdc_";

    public StorePlace {
        Objects.requireNonNull(systemId, "systemId");
        Objects.requireNonNull(schema, "schema");
    }

    /** Whether a table is one of a store's in this schema. */
    public boolean holds(TableId table) {
        return table.schema().equals(schema) && table.name().startsWith(TABLE_PREFIX);
    }
}
