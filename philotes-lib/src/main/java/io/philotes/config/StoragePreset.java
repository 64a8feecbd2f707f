// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Locale;
import java.util.Optional;

/** Whose object storage it is: where it answers, and how buckets are addressed. */
public enum StoragePreset {
    /** Amazon S3. */
    AWS(null),
    /** Hetzner Object Storage; locations are such as {@code fsn1}. */
    HETZNER("https://%s.your-objectstorage.com"),
    /** OVHcloud Object Storage; locations are such as {@code gra}. */
    OVHCLOUD("https://s3.%s.io.cloud.ovh.net"),
    /** Scaleway Object Storage; locations are such as {@code fr-par}. */
    SCALEWAY("https://s3.%s.scw.cloud"),
    /** A MinIO of one's own; it has no names for buckets, so they go into the path. */
    MINIO(null),
    /** Any other that speaks S3. */
    CUSTOM(null);

    private final String endpoint;

    StoragePreset(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Where it answers; empty when that is to be given, or the AWS SDK knows. */
    Optional<String> endpointAt(Optional<String> location) {
        return Optional.ofNullable(endpoint).map(text -> String.format(Locale.ROOT, text, location.orElseThrow()));
    }

    boolean hasOwnEndpoint() {
        return this == MINIO || this == CUSTOM;
    }

    boolean needsLocation() {
        return endpoint != null || this == CUSTOM;
    }

    /** What a server is told that has no locations. */
    Optional<String> defaultLocation() {
        return this == MINIO ? Optional.of("us-east-1") : Optional.empty();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
