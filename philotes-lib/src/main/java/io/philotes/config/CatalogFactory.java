// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.sink.iceberg.local.LocalFileIO;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.auth.AuthProperties;
import org.apache.iceberg.rest.auth.OAuth2Properties;

/** Opens Iceberg catalogs. */
final class CatalogFactory {

    private static final String S3_FILE_IO = "org.apache.iceberg.aws.s3.S3FileIO";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(1);

    private CatalogFactory() {}

    /**
     * Opens the catalog; whoever asked closes it.
     *
     * @throws PhilotesException CATALOG_UNREACHABLE when it does not answer
     */
    static Catalog open(CatalogConfig config) {
        try {
            return switch (config.type()) {
                case LOCAL -> LocalCatalog.open(localPath(config.warehouse()), config.name());
                case JDBC -> opened(new JdbcCatalog(), config, jdbcProperties(config));
                case REST -> opened(new RESTCatalog(), config, restProperties(config));
            };
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PhilotesException(
                    ErrorCode.CATALOG_UNREACHABLE,
                    "Cannot open the " + config.type().text() + " catalog"
                            + config.uri()
                                    .map(uri -> " at " + withoutParameters(uri))
                                    .orElse("") + ": " + reason(e),
                    e);
        }
    }

    private static Catalog opened(Catalog catalog, CatalogConfig config, Map<String, String> properties) {
        catalog.initialize(config.name(), properties);
        return catalog;
    }

    private static Map<String, String> jdbcProperties(CatalogConfig config) {
        Map<String, String> properties = common(config);
        config.username().ifPresent(user -> properties.put(JdbcCatalog.PROPERTY_PREFIX + "user", user));
        config.password()
                .ifPresent(password -> properties.put(JdbcCatalog.PROPERTY_PREFIX + "password", password.value()));
        // Without them, a server that is silent holds a commit for ever.
        properties.putIfAbsent(
                JdbcCatalog.PROPERTY_PREFIX + "connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        properties.putIfAbsent(JdbcCatalog.PROPERTY_PREFIX + "socketTimeout", Long.toString(REPLY_TIMEOUT.toSeconds()));
        properties.put(JdbcCatalog.PROPERTY_PREFIX + "schema-version", "V1");
        properties.put(CatalogProperties.FILE_IO_IMPL, fileIo(config.warehouse()));
        if (isLocal(config.warehouse())) {
            properties.put(
                    CatalogProperties.WAREHOUSE_LOCATION,
                    localPath(config.warehouse()).toAbsolutePath().normalize().toString());
        }
        return properties;
    }

    private static Map<String, String> restProperties(CatalogConfig config) {
        Map<String, String> properties = common(config);
        // The asynchronous reporter outlives the catalog and logs failures at the end of the process.
        properties.put("rest-metrics-reporting-enabled", "false");
        boolean inS3 = !isDirectory(config.warehouse()) && isPresent(S3_FILE_IO);
        properties.put(CatalogProperties.FILE_IO_IMPL, inS3 ? S3_FILE_IO : LocalFileIO.class.getName());
        // Without them, a server that is silent holds a commit for ever.
        properties.putIfAbsent("rest.client.connection-timeout-ms", Long.toString(CONNECT_TIMEOUT.toMillis()));
        properties.putIfAbsent("rest.client.socket-timeout-ms", Long.toString(REPLY_TIMEOUT.toMillis()));
        config.auth().ifPresent(auth -> {
            properties.put(AuthProperties.AUTH_TYPE, AuthProperties.AUTH_TYPE_OAUTH2);
            properties.put(OAuth2Properties.TOKEN, auth.token().value());
            properties.put(OAuth2Properties.TOKEN_REFRESH_ENABLED, "false");
        });
        return properties;
    }

    private static Map<String, String> common(CatalogConfig config) {
        Map<String, String> properties = new HashMap<>();
        config.properties().forEach((key, value) -> properties.put(key, value.value()));
        config.uri().ifPresent(uri -> properties.put(CatalogProperties.URI, uri));
        properties.put(CatalogProperties.WAREHOUSE_LOCATION, config.warehouse());
        return properties;
    }

    private static String fileIo(String warehouse) {
        if (isLocal(warehouse)) {
            return LocalFileIO.class.getName();
        }
        if (warehouse.startsWith("s3://") && isPresent(S3_FILE_IO)) {
            return S3_FILE_IO;
        }
        throw new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot write to the warehouse " + warehouse + ": nothing here can, besides local directories")
                .hinting("use a directory, or put iceberg-aws and the AWS SDK on the class path for s3://");
    }

    private static boolean isLocal(String warehouse) {
        return !warehouse.contains(":") || warehouse.startsWith("file:");
    }

    /** A REST catalog's warehouse may be a mere name; this is none. */
    private static boolean isDirectory(String warehouse) {
        return warehouse.startsWith("/") || warehouse.startsWith("file:");
    }

    private static Path localPath(String warehouse) {
        return Path.of(warehouse.replaceFirst("^file:(//(?=/))?", ""));
    }

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, CatalogFactory.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static String withoutParameters(String uri) {
        return uri.replaceFirst("\\?.*", "");
    }

    /** The deepest cause tells most: Iceberg wraps what the driver or the server said. */
    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }
}
