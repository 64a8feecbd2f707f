// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.Catalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogs of a configuration, open. A pipeline that is started again and again gets the one that it had, for each holds
 * connections; unless its secrets are others by now. Thread-safe.
 */
final class Catalogs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Catalogs.class);

    private final List<Open> open = new CopyOnWriteArrayList<>();
    private final Map<String, Object> openings = new ConcurrentHashMap<>();

    /** @param secrets what tells the texts of the destination's secrets at that moment from later ones */
    private record Open(String pipeline, DestinationConfig destination, int secrets, Catalog catalog) {

        boolean isOf(String name, DestinationConfig wanted) {
            return pipeline.equals(name) && destination == wanted && secrets == secretsOf(wanted);
        }
    }

    /** A catalog makes its tables when it is opened first, which two pipelines must not do at the same time. */
    Catalog of(String pipeline, DestinationConfig destination) {
        CatalogConfig configured = destination.catalog();
        Object opening =
                openings.computeIfAbsent(configured.uri().orElse("") + configured.warehouse(), key -> new Object());
        synchronized (opening) {
            return open.stream()
                    .filter(one -> one.isOf(pipeline, destination))
                    .findFirst()
                    .map(Open::catalog)
                    .orElseGet(() -> open(pipeline, destination));
        }
    }

    /** While a secret is rotated the place that it is read from may have none; that passes. */
    private static int secretsOf(DestinationConfig destination) {
        try {
            return destination.hashCode();
        } catch (RuntimeException e) {
            throw new PhilotesException(
                    ErrorCode.CATALOG_UNREACHABLE,
                    "Cannot open the catalog: a secret of its destination cannot be had: " + e.getMessage(),
                    e);
        }
    }

    private Catalog open(String pipeline, DestinationConfig destination) {
        int secrets = secretsOf(destination);
        Catalog catalog = CatalogFactory.open(destination.catalog(), destination.storage());
        open.add(new Open(pipeline, destination, secrets, catalog));
        return catalog;
    }

    /** Idempotent. */
    @Override
    public void close() {
        open.forEach(one -> close(one.catalog()));
        open.clear();
    }

    private static void close(Catalog catalog) {
        try {
            if (catalog instanceof Closeable closeable) {
                closeable.close();
            }
        } catch (IOException e) {
            LOG.warn("Cannot close the catalog {}: {}", catalog.name(), e.getMessage());
        }
    }
}
