// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a preset's storage answers, and what is wrong with a catalog's storage and sign-in is said. */
class StorageConfigTest {

    private static StorageConfig storage(StoragePreset preset, String location, String endpoint) {
        return new StorageConfig(
                preset, Optional.ofNullable(location), Optional.ofNullable(endpoint), null, null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "HETZNER, fsn1, https://fsn1.your-objectstorage.com",
        "OVHCLOUD, gra, https://s3.gra.io.cloud.ovh.net",
        "SCALEWAY, fr-par, https://s3.fr-par.scw.cloud",
    })
    void a_provider_answers_at_its_locations(StoragePreset preset, String location, String endpoint) {
        assertThat(storage(preset, location, null).properties())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("s3.endpoint", endpoint, "client.region", location, "s3.path-style-access", "false"));
    }

    @Test
    void others_are_as_they_say() {
        assertThat(storage(StoragePreset.AWS, "eu-central-1", null).properties())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("client.region", "eu-central-1", "s3.path-style-access", "false"));
        assertThat(storage(StoragePreset.AWS, null, null).properties())
                .containsExactlyInAnyOrderEntriesOf(Map.of("s3.path-style-access", "false"));
        StorageConfig minio = new StorageConfig(
                StoragePreset.MINIO,
                null,
                Optional.of("http://minio:9000"),
                null,
                Optional.of("me"),
                Optional.of(Secret.of("s3cret")));
        assertThat(minio.properties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "s3.endpoint", "http://minio:9000",
                        "client.region", "us-east-1",
                        "s3.path-style-access", "true",
                        "s3.access-key-id", "me",
                        "s3.secret-access-key", "s3cret"));
        assertThat(minio.toString()).doesNotContain("s3cret");
    }

    @Test
    void what_does_not_fit_the_preset_is_said() {
        refused(() -> storage(StoragePreset.HETZNER, null, null), "preset hetzner needs a location");
        refused(() -> storage(StoragePreset.HETZNER, "evil.example/", null), "location must be of");
        refused(() -> storage(StoragePreset.HETZNER, "a-".repeat(30_000) + "a", null), "location must be of at most");
        refused(() -> storage(StoragePreset.OVHCLOUD, "gra", "https://x"), "take preset custom");
        refused(() -> storage(StoragePreset.MINIO, null, null), "preset minio needs an endpoint");
        refused(() -> storage(StoragePreset.CUSTOM, "x", "minio:9000"), "endpoint must begin with");
        refused(() -> storage(StoragePreset.CUSTOM, "x", "https://k:s@minio:9000"), "endpoint must hold neither");
        refused(
                () -> new StorageConfig(StoragePreset.AWS, null, null, null, Optional.of("me"), null),
                "access-key and secret-key belong together");
        StorageConfig aws = storage(StoragePreset.AWS, null, null);
        refused(() -> destination(CatalogType.LOCAL, null, "/lake", aws), "does not belong to a catalog of type local");
        refused(() -> destination(CatalogType.REST, "http://x", "/lake", aws), "must be s3://");
        refused(() -> destination(CatalogType.JDBC, "jdbc:postgresql://x/y", "lake", aws), "must be s3://");
        assertThat(destination(CatalogType.REST, "http://x", "lake", aws).storage())
                .contains(aws);
    }

    private static DestinationConfig destination(
            CatalogType type, String uri, String warehouse, StorageConfig storage) {
        CatalogConfig catalog =
                new CatalogConfig(type, Optional.ofNullable(uri), warehouse, null, null, null, null, null);
        return new DestinationConfig(null, catalog, Optional.of(storage), null, null);
    }

    @Test
    void what_does_not_fit_the_way_to_sign_in_is_said() {
        Optional<Secret> secret = Optional.of(Secret.of("s3cret"));
        Optional<String> id = Optional.of("me");
        refused(() -> new AuthConfig(null, null, null, null, null, null), "type bearer needs a token");
        refused(() -> new AuthConfig(null, secret, id, null, null, null), "belong to type oauth2");
        refused(() -> new AuthConfig(AuthType.OAUTH2, secret, id, secret, null, null), "token belongs to type bearer");
        refused(() -> new AuthConfig(AuthType.OAUTH2, null, id, null, null, null), "needs client-id and client-secret");
        refused(
                () -> new AuthConfig(AuthType.OAUTH2, null, Optional.of("a:b"), secret, null, null),
                "must not contain ':'");
        refused(
                () -> new AuthConfig(AuthType.OAUTH2, null, id, secret, null, Optional.of("idp/token")),
                "token-uri must begin with");
        refused(
                () -> new AuthConfig(AuthType.OAUTH2, null, id, secret, null, Optional.of("https://u:p@idp/token")),
                "token-uri must hold neither parameters nor a user");
        assertThat(new AuthConfig(AuthType.OAUTH2, null, id, secret, null, null).toString())
                .doesNotContain("s3cret");
    }

    private static void refused(ThrowingCallable making, String why) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
}
