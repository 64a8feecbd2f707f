// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Locale;
import java.util.Optional;

/** Kinds of Iceberg catalogs. */
public enum CatalogType {
    /** An SQLite file beside the data, on a local disk. */
    LOCAL(null),
    /** Iceberg's JDBC catalog in a PostgreSQL database. */
    JDBC(null),
    /** Iceberg's REST protocol. */
    REST(null),
    /** AWS Glue, by Iceberg's own class and properties. */
    GLUE("org.apache.iceberg.aws.glue.GlueCatalog"),
    /** Nessie's own protocol, by Iceberg's own class and properties. */
    NESSIE("org.apache.iceberg.nessie.NessieCatalog");

    private final String className;

    CatalogType(String className) {
        this.className = className;
    }

    /** Which class of Iceberg's it is, when Philotes knows nothing else of it. */
    Optional<String> className() {
        return Optional.ofNullable(className);
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
