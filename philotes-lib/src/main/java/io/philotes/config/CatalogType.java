// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Locale;

/** Kinds of Iceberg catalogs. */
public enum CatalogType {
    /** An SQLite file beside the data, on a local disk. */
    LOCAL,
    /** Iceberg's JDBC catalog in a PostgreSQL database. */
    JDBC,
    /** Iceberg's REST protocol. */
    REST;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
