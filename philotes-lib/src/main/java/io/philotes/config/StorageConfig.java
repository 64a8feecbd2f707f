// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An S3-compatible storage for a lake's files. Immutable.
 *
 * @param preset whose it is
 * @param location the provider's name for the place, which is the region too; not needed for {@code minio}, nor for {@code
 *     aws} where the AWS SDK finds it
 * @param endpoint for {@code minio} and {@code custom}: where it answers
 * @param pathStyle whether buckets go into the path instead of the host's name; default only for {@code minio}
 * @param accessKey who writes; without, the AWS SDK looks for keys where it always does, or the catalog hands them out
 * @param secretKey with the access key
 */
public record StorageConfig(
        @Required StoragePreset preset,
        Optional<String> location,
        Optional<String> endpoint,
        Boolean pathStyle,
        Optional<String> accessKey,
        Optional<Secret> secretKey) {

    private static final int MAX_LOCATION = 63;

    public StorageConfig {
        location = location == null ? Optional.empty() : location;
        endpoint = endpoint == null ? Optional.empty() : endpoint;
        pathStyle = pathStyle == null ? preset == StoragePreset.MINIO : pathStyle;
        accessKey = accessKey == null ? Optional.empty() : accessKey;
        secretKey = secretKey == null ? Optional.empty() : secretKey;
        check(preset, location, endpoint);
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new IllegalArgumentException("access-key and secret-key belong together");
        }
    }

    private static void check(StoragePreset preset, Optional<String> location, Optional<String> endpoint) {
        if (preset.needsLocation() && location.isEmpty()) {
            throw new IllegalArgumentException("preset " + preset.text() + " needs a location");
        }
        // A part of a host's name is made of it; besides, Java's patterns overflow the stack on very long texts.
        if (location.filter(name -> name.length() > MAX_LOCATION).isPresent()) {
            throw new IllegalArgumentException("location must be of at most " + MAX_LOCATION + " characters");
        }
        if (location.isPresent() && !location.get().matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "location must be of small letters, digits and '-', not '" + location.get() + "'");
        }
        if (preset.hasOwnEndpoint() && endpoint.isEmpty()) {
            throw new IllegalArgumentException("preset " + preset.text() + " needs an endpoint");
        }
        if (!preset.hasOwnEndpoint() && endpoint.isPresent()) {
            throw new IllegalArgumentException("preset " + preset.text()
                    + " knows its endpoint by the location; for another one take preset custom");
        }
        if (endpoint.isPresent() && !endpoint.get().matches("https?://[^/]+.*")) {
            throw new IllegalArgumentException("endpoint must begin with https:// or http://");
        }
        endpoint.ifPresent(
                uri -> CatalogRules.checkAddress("endpoint", uri, "access-key and secret-key are for signing in"));
    }

    /** Where it answers, as given or as the preset knows it; empty where the AWS SDK does. */
    public Optional<String> address() {
        return endpoint.or(() -> preset.endpointAt(location));
    }

    /** The region that requests are signed for; empty where the AWS SDK finds it. */
    public Optional<String> region() {
        return location.or(preset::defaultLocation);
    }

    /** As Iceberg's S3 classes want it. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        address().ifPresent(uri -> properties.put("s3.endpoint", uri));
        region().ifPresent(region -> properties.put("client.region", region));
        properties.put("s3.path-style-access", Boolean.toString(pathStyle));
        accessKey.ifPresent(key -> properties.put("s3.access-key-id", key));
        secretKey.ifPresent(key -> properties.put("s3.secret-access-key", key.value()));
        return properties;
    }
}
