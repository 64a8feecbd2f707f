// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.auth.BearerToken;
import io.philotes.sink.iceberg.internal.auth.ClientCredentials;
import io.philotes.sink.iceberg.internal.auth.TokenAuthManager;
import io.philotes.sink.iceberg.internal.auth.Tokens;
import io.philotes.sink.iceberg.internal.rest.CountedCatalog;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.sink.iceberg.local.LocalFileIO;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.ResourcePaths;

/** Opens Iceberg catalogs. */
final class CatalogFactory {

    private static final String S3_FILE_IO = "org.apache.iceberg.aws.s3.S3FileIO";
    private static final String S3_CLIENT = "software.amazon.awssdk.services.s3.S3Client";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(1);

    private CatalogFactory() {}

    /**
     * Opens the catalog; whoever asked closes it.
     *
     * @throws PhilotesException CATALOG_UNREACHABLE when it does not answer
     */
    static Catalog open(CatalogConfig config, Optional<StorageConfig> storage) {
        try {
            return switch (config.type()) {
                case LOCAL -> LocalCatalog.open(localPath(config.warehouse()), config.name());
                case JDBC -> opened(new JdbcCatalog(), config, jdbcProperties(config, storage));
                case REST -> rest(config, storage);
                case GLUE, NESSIE -> named(config, storage);
            };
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            PhilotesException failure = new PhilotesException(
                    ErrorCode.CATALOG_UNREACHABLE,
                    "Cannot open the " + config.type().text() + " catalog"
                            + config.uri()
                                    .map(uri -> " at " + withoutParameters(uri))
                                    .orElse("") + ": " + reason(e),
                    e);
            throw isRefused(e) ? failure.hinting(signInHint(config)) : failure;
        }
    }

    private static boolean isRefused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotAuthorizedException || cause instanceof ForbiddenException) {
                return true;
            }
        }
        return false;
    }

    private static String signInHint(CatalogConfig config) {
        return config.auth()
                .map(auth -> auth.type() == AuthType.BEARER
                        ? "check catalog.auth.token: the server does not accept it"
                        : "check catalog.auth.client-id, client-secret and scope: no token was given for them, or it is"
                                + " not accepted")
                .orElse("the server wants to know who asks: set catalog.auth");
    }

    private static Catalog opened(Catalog catalog, CatalogConfig config, Map<String, String> properties) {
        try {
            catalog.initialize(config.name(), properties);
            return catalog;
        } catch (RuntimeException e) {
            TokenAuthManager.forget(properties);
            throw e;
        }
    }

    /** Takes its way to sign in along when it is closed. */
    private static final class SignedInCatalog extends CountedCatalog {

        private final Map<String, String> signIn;

        SignedInCatalog(Map<String, String> properties) {
            signIn = properties;
        }

        @Override
        public void close() throws IOException {
            TokenAuthManager.forget(signIn);
            super.close();
        }
    }

    private static Catalog rest(CatalogConfig config, Optional<StorageConfig> storage) {
        Map<String, String> properties = restProperties(config, storage);
        return opened(new SignedInCatalog(properties), config, properties);
    }

    private static Catalog named(CatalogConfig config, Optional<StorageConfig> storage) {
        String implementation = config.type().className().orElseThrow();
        if (!isPresent(implementation)) {
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "Cannot open the " + config.type().text() + " catalog: " + implementation
                                    + " is not on the class path")
                    .hinting(
                            "put Iceberg's module of that catalog there, or use the catalog's REST address, type rest");
        }
        Map<String, String> properties = common(config, storage);
        properties.put(CatalogProperties.FILE_IO_IMPL, fileIo(config.warehouse()));
        return CatalogUtil.loadCatalog(implementation, config.name(), properties, null);
    }

    private static Map<String, String> jdbcProperties(CatalogConfig config, Optional<StorageConfig> storage) {
        Map<String, String> properties = common(config, storage);
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

    private static Map<String, String> restProperties(CatalogConfig config, Optional<StorageConfig> storage) {
        Map<String, String> properties = common(config, storage);
        // The asynchronous reporter outlives the catalog and logs failures at the end of the process.
        properties.put("rest-metrics-reporting-enabled", "false");
        boolean inS3 = !isDirectory(config.warehouse()) && isPresent(S3_FILE_IO);
        properties.put(CatalogProperties.FILE_IO_IMPL, inS3 ? S3_FILE_IO : LocalFileIO.class.getName());
        // Without them, a server that is silent holds a commit for ever.
        properties.putIfAbsent("rest.client.connection-timeout-ms", Long.toString(CONNECT_TIMEOUT.toMillis()));
        properties.putIfAbsent("rest.client.socket-timeout-ms", Long.toString(REPLY_TIMEOUT.toMillis()));
        // It could bring keys to the storage that ended meanwhile, and tables are kept here anyway.
        properties.putIfAbsent("rest-table-cache.max-entries", "0");
        config.auth().ifPresent(auth -> properties.putAll(TokenAuthManager.properties(tokens(auth))));
        return properties;
    }

    private static Tokens tokens(AuthConfig auth) {
        if (auth.type() == AuthType.BEARER) {
            return new BearerToken(auth.token().orElseThrow()::value);
        }
        return new ClientCredentials(
                auth.clientId().orElseThrow(),
                auth.clientSecret().orElseThrow()::value,
                auth.scope().orElse(AuthConfig.DEFAULT_SCOPE),
                auth.tokenUri().orElseGet(ResourcePaths::tokens),
                Clock.systemUTC());
    }

    private static Map<String, String> common(CatalogConfig config, Optional<StorageConfig> storage) {
        Map<String, String> properties = new HashMap<>();
        storage.ifPresent(there -> {
            requireS3(config.warehouse());
            properties.putAll(there.properties());
        });
        config.properties().forEach((key, value) -> properties.put(key, value.value()));
        config.uri().ifPresent(uri -> properties.put(CatalogProperties.URI, uri));
        properties.put(CatalogProperties.WAREHOUSE_LOCATION, config.warehouse());
        return properties;
    }

    private static String fileIo(String warehouse) {
        if (isLocal(warehouse)) {
            return LocalFileIO.class.getName();
        }
        if (!warehouse.startsWith("s3://")) {
            throw cannotWriteTo(warehouse);
        }
        requireS3(warehouse);
        return S3_FILE_IO;
    }

    private static void requireS3(String warehouse) {
        if (!isPresent(S3_FILE_IO) || !isPresent(S3_CLIENT)) {
            throw cannotWriteTo(warehouse);
        }
    }

    private static PhilotesException cannotWriteTo(String warehouse) {
        return new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot write to the warehouse " + warehouse + ": nothing here can")
                .hinting("use a directory, or s3:// with iceberg-aws and the AWS SDK (s3, kms, sts) on the class path");
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
