// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a catalog of each type needs and does not take. */
final class CatalogRules {

    /** Set from keys of their own; a second way to say them could contradict the first. */
    private static final Set<String> OWN_KEYS = Set.of(
            "uri", "warehouse", "type", "token", "credential", "jdbc.user", "jdbc.password", "rest.auth.type", "name");

    /** Of the driver's many parameters, those whose names tell of something that logs must not show. */
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)[?&][^=&]*(user|pass|secret|token|credential|key|factoryarg)[^=&]*=");

    private CatalogRules() {}

    static void check(CatalogType type, Optional<String> uri, boolean signsInAtDatabase, boolean hasAuth) {
        if (type == CatalogType.LOCAL && uri.isPresent()) {
            throw new IllegalArgumentException("uri does not belong to type local: the warehouse is the place");
        }
        if (type != CatalogType.LOCAL && type != CatalogType.GLUE && uri.isEmpty()) {
            throw new IllegalArgumentException("type " + type.text() + " needs a uri");
        }
        if (type == CatalogType.JDBC && !uri.orElseThrow().startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException("uri of type jdbc must begin with jdbc:postgresql://");
        }
        if ((type == CatalogType.REST || type == CatalogType.NESSIE)
                && !uri.orElseThrow().matches("https?://.+")) {
            throw new IllegalArgumentException("uri of type " + type.text() + " must begin with https:// or http://");
        }
        uri.ifPresent(text -> checkUri(type, text));
        if (type != CatalogType.JDBC && signsInAtDatabase) {
            throw new IllegalArgumentException("username and password belong to type jdbc");
        }
        if (type != CatalogType.REST && hasAuth) {
            throw new IllegalArgumentException("auth belongs to type rest");
        }
    }

    private static void checkUri(CatalogType type, String uri) {
        if (type == CatalogType.JDBC) {
            if (uri.contains("@") || SECRET_PARAMETER.matcher(uri).find()) {
                throw new IllegalArgumentException("uri must hold no user, password or key: username and password "
                        + "have keys of their own, others go into properties as jdbc.<parameter>");
            }
        } else {
            checkAddress("uri", uri, type == CatalogType.REST ? "auth is for signing in" : "properties are for them");
        }
    }

    /** Addresses are shown in logs and messages: what may be a secret has a place of its own. */
    static void checkAddress(String key, String address, String instead) {
        if (address.contains("?") || address.contains("@")) {
            throw new IllegalArgumentException(key + " must hold neither parameters nor a user: " + instead);
        }
    }

    /** Files go to an object storage; a directory is none. */
    static void checkStorage(CatalogConfig catalog) {
        if (catalog.type() == CatalogType.LOCAL) {
            throw new IllegalArgumentException("storage does not belong to a catalog of type local");
        }
        String warehouse = catalog.warehouse();
        boolean named = catalog.type() == CatalogType.REST && !warehouse.startsWith("/") && !warehouse.contains(":");
        if (!named && !warehouse.startsWith("s3://")) {
            throw new IllegalArgumentException(
                    "with storage, catalog.warehouse must be s3://<bucket>/<path>, not " + warehouse);
        }
    }

    static void checkProperty(String key) {
        if (key.endsWith("-impl") || key.endsWith(".impl") || key.endsWith("-class") || key.endsWith(".class")) {
            throw new IllegalArgumentException("properties must not name a class to load: " + key);
        }
        if (OWN_KEYS.contains(key)) {
            throw new IllegalArgumentException("properties must not hold " + key + ": it has a key of its own");
        }
    }
}
