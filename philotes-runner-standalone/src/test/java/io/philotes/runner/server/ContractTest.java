// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.ApiRole;
import io.philotes.config.SourceConfig;
import io.philotes.config.internal.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The server has what the contract has, and nothing else. */
class ContractTest {

    private final OnePipeline pipelines = new OnePipeline("shop", Optional::empty);

    @Test
    void every_route_is_in_the_contract_and_the_other_way_round() throws IOException {
        try (StatusServer server = TestServer.start(0, pipelines, () -> "")) {
            List<String> served = server.routes().stream()
                    .map(r -> r.method() + " " + r.path())
                    .toList();
            assertThat(served)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(
                            Contract.read().operations().keySet());
        }
    }

    @Test
    void the_contract_names_the_role_that_each_needs() throws IOException {
        Contract contract = Contract.read();
        try (StatusServer server = TestServer.start(0, pipelines, () -> "")) {
            assertThat(server.routes()).allSatisfy(route -> {
                String role = contract.operations()
                        .get(route.method() + " " + route.path())
                        .path("x-role")
                        .asText("everybody");
                assertThat(role)
                        .as(route.path())
                        .isEqualTo(route.role()
                                .map(ApiRole::name)
                                .orElse("everybody")
                                .toLowerCase(Locale.ROOT));
            });
        }
    }

    @Test
    void the_contract_has_the_keys_of_a_source_that_a_request_may_have() throws IOException {
        Set<String> keys = new TreeSet<>(Keys.of(SourceConfig.class).keySet());
        keys.remove("socket");
        assertThat(Contract.read().names("SourceSettings")).isEqualTo(keys);
    }

    @Test
    void the_file_is_served_as_it_is() throws IOException {
        try (var served =
                InfoRoutes.class.getResourceAsStream(Contract.FILE.getFileName().toString())) {
            assertThat(served).as("the build copies docs/openapi into the jar").isNotNull();
            assertThat(served.readAllBytes()).isEqualTo(Files.readAllBytes(Contract.FILE));
        }
    }
}
