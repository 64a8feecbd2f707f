// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {

    private final AtomicReference<String> secret = new AtomicReference<>("there");

    private StateConfig state() {
        return new StateConfig(
                StateType.POSTGRES,
                Path.of("unused"),
                Optional.of("jdbc:postgresql://127.0.0.1:1/state"),
                Optional.of("philotes"),
                Optional.of(Secret.from(() -> Optional.ofNullable(secret.get())
                        .orElseThrow(() -> new IllegalArgumentException("the file /run/secrets/s cannot be read")))),
                null,
                null,
                null);
    }

    @Test
    void a_password_that_cannot_be_read_now_is_no_defect() {
        PhilotesConfig config =
                new PhilotesConfig(PhilotesConfig.VERSION, Map.of(), Map.of(), Map.of(), state(), null, null);
        try (Stores stores = new Stores(config)) {
            secret.set(null);
            assertThatThrownBy(stores::checkpoints).isInstanceOfSatisfying(PhilotesException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.STATE_UNREACHABLE);
                assertThat(e.recovery()).isEqualTo(Recovery.RETRY);
                assertThat(e.getMessage()).contains("/run/secrets/s");
            });
        }
    }

    @Test
    void a_check_tells_it_of_the_state_beside_what_it_finds_of_the_source(@TempDir Path directory) {
        SourceConfig source = new SourceConfig(
                null,
                "jdbc:postgresql://127.0.0.1:1/shop",
                null,
                "philotes",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        DestinationConfig lake = new DestinationConfig(
                null,
                new CatalogConfig(CatalogType.LOCAL, null, directory.toString(), null, null, null, null, null),
                null);
        PipelineConfig pipeline = new PipelineConfig(
                null,
                Ref.inline(source),
                Optional.of(Ref.inline(lake)),
                null,
                new BufferConfig(BufferType.MEMORY, Optional.empty()),
                null,
                null,
                null,
                null,
                List.of(TableConfig.of("public.orders")),
                null,
                null,
                null,
                null);
        PhilotesConfig config = new PhilotesConfig(
                PhilotesConfig.VERSION, Map.of(), Map.of(), Map.of("shop", pipeline), state(), null, null);
        try (PipelineFactory factory = new PipelineFactory(config)) {
            secret.set(null);
            assertThat(factory.check("shop").findings())
                    .filteredOn(finding -> finding.code().equals(Optional.of(ErrorCode.STATE_UNREACHABLE)))
                    .extracting(Finding::subject)
                    .containsExactly("state");
        }
    }
}
