// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import io.philotes.config.CatalogConfig;
import io.philotes.config.DestinationConfig;
import io.philotes.config.Secret;
import io.philotes.config.StorageConfig;
import io.philotes.runner.yaml.EffectiveConfig;
import java.util.Map;
import java.util.Optional;

/**
 * An object storage that speaks S3, as readers are told of it. Holds no secret, not even the name of a key: readers have their
 * own. Immutable.
 *
 * @param endpoint where it answers; empty for Amazon's own
 * @param region the region that requests are signed for; empty when the reader has to find it
 * @param pathStyle whether buckets go into the path
 * @param hasKeys whether who writes was given keys, instead of having them from the machine or from the catalog
 */
record SnippetStorage(Optional<String> endpoint, Optional<String> region, boolean pathStyle, boolean hasKeys) {

    private static final String ENDPOINT = "s3.endpoint";
    private static final String REGION = "client.region";
    private static final String PATH_STYLE = "s3.path-style-access";
    private static final String KEY = "s3.access-key-id";

    /** Empty where the files are not there, or where only the catalog knows. */
    static Optional<SnippetStorage> of(DestinationConfig destination) {
        return destination.storage().map(SnippetStorage::of).or(() -> ofProperties(destination.catalog()));
    }

    private static SnippetStorage of(StorageConfig config) {
        return new SnippetStorage(
                config.address().map(EffectiveConfig::addressWithoutSecrets),
                config.region(),
                config.pathStyle(),
                config.accessKey().isPresent());
    }

    /** Before there were keys for it, properties told the same. */
    private static Optional<SnippetStorage> ofProperties(CatalogConfig catalog) {
        Map<String, Secret> properties = catalog.properties();
        boolean named = catalog.warehouse().startsWith("s3://")
                || properties.containsKey(ENDPOINT)
                || properties.containsKey(REGION)
                || properties.containsKey(KEY);
        if (!named) {
            return Optional.empty();
        }
        return Optional.of(new SnippetStorage(
                shown(properties, ENDPOINT).map(EffectiveConfig::addressWithoutSecrets),
                shown(properties, REGION),
                shown(properties, PATH_STYLE).filter("true"::equalsIgnoreCase).isPresent(),
                properties.containsKey(KEY)));
    }

    /** Of those that are no secret; a variable that is not set here leaves a place for its value. */
    private static Optional<String> shown(Map<String, Secret> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(value -> {
            try {
                return value.value();
            } catch (IllegalArgumentException e) {
                return "...";
            }
        });
    }

    /** Without the scheme. */
    Optional<String> host() {
        return endpoint.map(uri -> uri.replaceFirst("^https?://", "").replaceFirst("/+$", ""));
    }

    boolean isPlain() {
        return endpoint.filter(uri -> uri.startsWith("http://")).isPresent();
    }
}
