// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.StorageCredential;
import org.apache.iceberg.io.SupportsStorageCredentials;

/**
 * Keys to a storage that a catalog gave together with a table, and that live for a while. Where the catalog also said where
 * new ones are to be had, Iceberg fetches them; else they stay what they are for as long as the table object lives.
 */
final class StorageKeys {

    private static final String EXPIRES_AT = "s3.session-token-expires-at-ms";
    private static final String ENDPOINT = "client.refresh-credentials-endpoint";
    private static final String ENABLED = "client.refresh-credentials-enabled";

    /** As early as Iceberg does it where it can. */
    private static final Duration SOON = Duration.ofMinutes(5);

    private StorageKeys() {}

    /** Whether they end within five minutes, or did, and only loading the table again brings others. */
    static boolean endSoon(FileIO io, Instant now) {
        if (!(io instanceof SupportsStorageCredentials storage)) {
            return false;
        }
        Map<String, String> properties = io.properties();
        if (properties.containsKey(ENDPOINT) && !"false".equalsIgnoreCase(properties.get(ENABLED))) {
            return false;
        }
        return Stream.concat(
                        Stream.of(properties), storage.credentials().stream().map(StorageCredential::config))
                .filter(keys -> keys.containsKey(EXPIRES_AT))
                .anyMatch(keys -> isSoon(keys.get(EXPIRES_AT), now));
    }

    private static boolean isSoon(String millis, Instant now) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(millis)).minus(SOON).isBefore(now);
        } catch (NumberFormatException e) {
            return false; // nobody else understands it either
        }
    }
}
