// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogsTest {

    @TempDir
    private Path warehouse;

    private DestinationConfig destination(Map<String, Secret> properties) {
        return new DestinationConfig(
                DestinationType.ICEBERG,
                new CatalogConfig(CatalogType.LOCAL, null, warehouse.toString(), null, null, null, null, properties),
                null);
    }

    @Test
    void each_start_of_a_pipeline_gets_the_catalog_that_it_had() {
        DestinationConfig destination = destination(Map.of());
        try (Catalogs catalogs = new Catalogs()) {
            Catalog first = catalogs.of("one", destination);
            assertThat(catalogs.of("one", destination)).isSameAs(first);
            assertThat(catalogs.of("two", destination)).isNotSameAs(first);
        }
    }

    @Test
    void another_secret_is_another_catalog() {
        AtomicReference<String> secret = new AtomicReference<>("old");
        DestinationConfig destination = destination(Map.of("x", Secret.from(secret::get)));
        try (Catalogs catalogs = new Catalogs()) {
            Catalog first = catalogs.of("one", destination);
            secret.set("new");
            assertThat(catalogs.of("one", destination)).isNotSameAs(first);
        }
    }

    @Test
    void a_secret_that_cannot_be_read_now_is_no_defect() {
        AtomicReference<String> secret = new AtomicReference<>("there");
        DestinationConfig destination = destination(Map.of(
                "x",
                Secret.from(() -> Optional.ofNullable(secret.get())
                        .orElseThrow(() -> new IllegalArgumentException("the file /run/secrets/x cannot be read")))));
        try (Catalogs catalogs = new Catalogs()) {
            Catalog first = catalogs.of("one", destination);
            secret.set(null);
            assertThatThrownBy(() -> catalogs.of("one", destination))
                    .isInstanceOfSatisfying(PhilotesException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_UNREACHABLE);
                        assertThat(e.getMessage()).contains("/run/secrets/x");
                    });
            secret.set("there");
            assertThat(catalogs.of("one", destination)).isSameAs(first);
        }
    }
}
