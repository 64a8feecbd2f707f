// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An Iceberg catalog. Immutable.
 *
 * @param type which kind
 * @param uri the REST catalog's address, or the JDBC URL of the database that holds the catalog
 * @param warehouse a directory for {@code local} and {@code jdbc}; whatever the server calls it for {@code rest}
 * @param name the catalog's name, default {@value #DEFAULT_NAME}; every reader of a {@code jdbc} or {@code local} catalog
 *     must use the same
 * @param username the role at the {@code jdbc} catalog's database
 * @param password its password
 * @param auth how to sign in at a {@code rest} catalog
 * @param properties handed to the catalog as they are, masked in logs; never a class to load
 */
public record CatalogConfig(
        @Required CatalogType type,
        Optional<String> uri,
        @Required String warehouse,
        String name,
        Optional<String> username,
        Optional<Secret> password,
        Optional<AuthConfig> auth,
        Map<String, Secret> properties) {

    /** What readers are told to call the catalog. */
    public static final String DEFAULT_NAME = "philotes";

    public CatalogConfig {
        uri = uri == null ? Optional.empty() : uri;
        name = name == null ? DEFAULT_NAME : name;
        username = username == null ? Optional.empty() : username;
        password = password == null ? Optional.empty() : password;
        auth = auth == null ? Optional.empty() : auth;
        properties = properties == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        CatalogRules.check(type, uri, username.isPresent() || password.isPresent(), auth.isPresent());
        properties.keySet().forEach(CatalogRules::checkProperty);
    }
}
