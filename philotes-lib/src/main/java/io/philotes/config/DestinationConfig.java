// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * A lake to write to. Immutable.
 *
 * @param type what it is; only {@code iceberg}
 * @param catalog the catalog that knows its tables
 * @param defaults what tables are created with
 */
public record DestinationConfig(
        DestinationType type, @Required CatalogConfig catalog, TableDefaults defaults) {

    public DestinationConfig {
        type = type == null ? DestinationType.ICEBERG : type;
        defaults = defaults == null ? new TableDefaults(null, null) : defaults;
    }
}
