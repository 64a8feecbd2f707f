// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * A lake to write to. Immutable.
 *
 * @param type what it is; only {@code iceberg}
 * @param catalog the catalog that knows its tables
 * @param storage where its files are, when that is an object storage whose keys do not come from the catalog's properties
 * @param defaults what tables are created with
 * @param maintenance what is done about what tables do not need any more
 */
public record DestinationConfig(
        DestinationType type,
        @Required CatalogConfig catalog,
        Optional<StorageConfig> storage,
        TableDefaults defaults,
        MaintenanceConfig maintenance) {

    public DestinationConfig {
        storage = storage == null ? Optional.empty() : storage;
        type = type == null ? DestinationType.ICEBERG : type;
        defaults = defaults == null ? new TableDefaults(null, null) : defaults;
        maintenance = maintenance == null ? new MaintenanceConfig(null, null, null) : maintenance;
        if (storage.isPresent()) {
            CatalogRules.checkStorage(catalog);
        }
    }

    /** Without an object storage, and with the default maintenance. */
    public DestinationConfig(DestinationType type, CatalogConfig catalog, TableDefaults defaults) {
        this(type, catalog, null, defaults, null);
    }
}
