// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.DestinationConfig;
import io.philotes.runner.yaml.EffectiveConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One table in a lake, as readers are told of it. Holds no secret. Immutable.
 *
 * @param type the catalog's kind
 * @param catalog the catalog's name
 * @param uri where the catalog is; of a local one the JDBC URL of its file
 * @param warehouse where the files are, or what the catalog calls that
 * @param user who reads a JDBC catalog
 * @param signsIn whether the catalog wants a token
 * @param storage where the files are, when that is an object storage that the configuration tells of
 * @param namespace the table's namespace
 * @param table the table's name
 */
public record SnippetLake(
        CatalogType type,
        String catalog,
        String uri,
        String warehouse,
        Optional<String> user,
        boolean signsIn,
        Optional<SnippetStorage> storage,
        String namespace,
        String table) {

    /** A table of a destination. */
    public static SnippetLake of(DestinationConfig destination, String namespace, String table) {
        CatalogConfig config = destination.catalog();
        boolean local = config.type() == CatalogType.LOCAL;
        String place = local ? directory(config.warehouse()) : config.warehouse();
        return new SnippetLake(
                config.type(),
                config.name(),
                local
                        ? "jdbc:sqlite:" + place + "/catalog.db"
                        : EffectiveConfig.addressWithoutSecrets(config.uri().orElse("")),
                local ? place + "/warehouse" : place,
                config.username(),
                config.auth().isPresent(),
                SnippetStorage.of(destination),
                namespace,
                table);
    }

    private static String directory(String warehouse) {
        return Path.of(warehouse.replaceFirst("^file:(//)?", ""))
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    /** Whether there are snippets for such a catalog. */
    boolean isDescribed() {
        return isLocal() || isRest() || type == CatalogType.JDBC;
    }

    boolean isRest() {
        return type == CatalogType.REST;
    }

    boolean isLocal() {
        return type == CatalogType.LOCAL;
    }

    /** The SQLite file of a local one. */
    String file() {
        return uri.substring("jdbc:sqlite:".length());
    }
}
