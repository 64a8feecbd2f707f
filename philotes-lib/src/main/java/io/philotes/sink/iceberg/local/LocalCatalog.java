// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * Opens a lake in a local directory: Iceberg's JDBC catalog in {@code catalog.db} (SQLite), files below {@code warehouse}.
 * Needs {@code org.xerial:sqlite-jdbc}. Several processes may have it open: they wait for each other, and every catalog
 * commit is on disk before it returns. The directory must be on a local file system.
 * The catalog may be used by several threads.
 */
public final class LocalCatalog {

    /** The catalog's name when none is given; it is part of every table's entry, so both sides must use the same. */
    public static final String DEFAULT_NAME = "philotes";

    private static final int BUSY_TIMEOUT_MILLIS = 30_000;

    private LocalCatalog() {}

    /** Opens, and creates where needed, the catalog {@value #DEFAULT_NAME} in a directory. */
    public static JdbcCatalog open(Path directory) {
        return open(directory, DEFAULT_NAME);
    }

    /**
     * Opens, and creates where needed, a catalog in a directory; {@code close()} on it lets everything go.
     *
     * @throws PhilotesException WAREHOUSE_READ_ONLY when the directory cannot be created
     */
    public static JdbcCatalog open(Path directory, String name) {
        Path root = directory.toAbsolutePath().normalize();
        Path warehouse = root.resolve("warehouse");
        try {
            LocalPaths.createDirectories(warehouse);
        } catch (IOException e) {
            throw new PhilotesException(
                    ErrorCode.WAREHOUSE_READ_ONLY, "Cannot create the warehouse at " + warehouse, e);
        }
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize(name, properties(root, warehouse));
        return catalog;
    }

    private static Map<String, String> properties(Path root, Path warehouse) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(CatalogProperties.URI, "jdbc:sqlite:" + root.resolve("catalog.db"));
        properties.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse.toString());
        properties.put(CatalogProperties.FILE_IO_IMPL, LocalFileIO.class.getName());
        properties.put(JdbcCatalog.PROPERTY_PREFIX + "schema-version", "V1");
        properties.put(JdbcCatalog.PROPERTY_PREFIX + "busy_timeout", Integer.toString(BUSY_TIMEOUT_MILLIS));
        properties.put(JdbcCatalog.PROPERTY_PREFIX + "journal_mode", "WAL");
        properties.put(JdbcCatalog.PROPERTY_PREFIX + "synchronous", "FULL");
        return properties;
    }
}
