// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.config.AuthConfig;
import io.philotes.config.AuthType;
import io.philotes.config.BufferType;
import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.PipelineFactory;
import io.philotes.config.Secret;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.testkit.RestFixture;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.rest.RESTCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A REST catalog that wants to know who asks, by tokens of its own and by fetched ones. */
class SignInTest {

    private static final String SECRET = "s3cret-canary";

    @TempDir
    static Path directory;

    private static TestPostgres postgres;
    private static RestFixture server;

    private final AtomicReference<String> secret = new AtomicReference<>(SECRET);
    private final List<PhilotesException> failures = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        server = RestFixture.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : Arrays.asList(server, postgres)) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static CatalogConfig config(SignInRelay relay, AuthConfig auth) {
        return new CatalogConfig(
                CatalogType.REST,
                Optional.of(relay.uri()),
                server.warehouse(),
                null,
                null,
                null,
                Optional.ofNullable(auth),
                null);
    }

    private AuthConfig oauth2(Optional<String> tokenUri) {
        return new AuthConfig(
                AuthType.OAUTH2,
                null,
                Optional.of(SignInRelay.CLIENT),
                Optional.of(Secret.from(secret::get)),
                Optional.of("PRINCIPAL_ROLE:ALL"),
                tokenUri);
    }

    @Test
    void tokens_are_fetched_and_replaced_also_when_they_are_revoked_and_the_secret_is_rotated() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "oauth_source", directory);
        PipelineListener listener = new PipelineListener() {
            @Override
            public void retrying(String pipeline, PhilotesException failure) {
                failures.add(failure);
            }
        };
        try (SignInRelay relay = new SignInRelay(server.uri(), SECRET);
                RESTCatalog reader = server.client();
                PipelineFactory factory = lab.factory(config(relay, oauth2(Optional.empty())), BufferType.MEMORY);
                Pipeline pipeline =
                        factory.builder(lab.pipeline()).listener(listener).start()) {
            CatalogLab.settle(pipeline);
            int before = relay.given();
            Awaitility.await().atMost(CatalogLab.PATIENCE).until(() -> {
                lab.change();
                CatalogLab.settle(pipeline);
                return relay.given() > before;
            });
            relay.revoke();
            lab.change();
            CatalogLab.settle(pipeline);
            lab.assertMirrored(reader);

            failures.clear();
            relay.rotate("another");
            lab.change();
            Awaitility.await().atMost(CatalogLab.PATIENCE).until(() -> !failures.isEmpty());
            assertThat(failures)
                    .allSatisfy(failure -> assertThat(failure.toString()).doesNotContain(SECRET));
            secret.set("another");
            CatalogLab.settle(pipeline);
            lab.assertMirrored(reader);
        }
    }

    @Test
    void who_is_not_let_in_is_told_which_key_to_look_at() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "refused_source", directory);
        try (SignInRelay relay = new SignInRelay(server.uri(), "another")) {
            Optional<String> tokenUri = Optional.of(relay.uri() + SignInRelay.TOKENS);
            assertRefused(lab, config(relay, oauth2(tokenUri)), "client-secret");
            assertRefused(lab, config(relay, AuthConfig.bearer(Secret.of(SECRET))), "catalog.auth.token");
            assertRefused(lab, config(relay, null), "set catalog.auth");
            relay.accept(SECRET);
            try (PipelineFactory factory =
                    lab.factory(config(relay, AuthConfig.bearer(Secret.of(SECRET))), BufferType.MEMORY)) {
                assertThat(factory.builder(lab.pipeline())).isNotNull();
            }
        }
    }

    private static void assertRefused(CatalogLab lab, CatalogConfig config, String hint) {
        try (PipelineFactory factory = lab.factory(config, BufferType.MEMORY)) {
            assertThatThrownBy(() -> factory.builder(lab.pipeline()))
                    .isInstanceOfSatisfying(PhilotesException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.CATALOG_UNREACHABLE);
                        assertThat(refused.hint()).contains(hint);
                        assertThat(refused).hasMessageNotContaining(SECRET);
                    });
        }
    }
}
