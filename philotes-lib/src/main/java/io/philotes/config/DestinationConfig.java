// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * A lake to write to. Immutable.
 *
 * @param type what it is; only {@code iceberg}
 * @param catalog the catalog that knows its tables
 * @param defaults what tables are created with
 * @param maintenance what is done about what tables do not need any more
 */
public record DestinationConfig(
        DestinationType type, @Required CatalogConfig catalog, TableDefaults defaults, MaintenanceConfig maintenance) {

    public DestinationConfig {
        type = type == null ? DestinationType.ICEBERG : type;
        defaults = defaults == null ? new TableDefaults(null, null) : defaults;
        maintenance = maintenance == null ? new MaintenanceConfig(null, null, null) : maintenance;
    }

    /** With the default maintenance. */
    public DestinationConfig(DestinationType type, CatalogConfig catalog, TableDefaults defaults) {
        this(type, catalog, defaults, null);
    }
}
