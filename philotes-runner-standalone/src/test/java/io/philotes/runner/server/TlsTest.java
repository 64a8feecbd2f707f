// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.config.ServerConfig;
import io.philotes.config.TlsConfig;
import io.philotes.error.PhilotesException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {

    private final OnePipeline pipelines = new OnePipeline("shop", Optional::empty);

    @TempDir
    Path directory;

    private StatusServer start(TlsConfig tls) {
        return TestServer.start(new ServerConfig(true, null, 0, Optional.of(tls), null), pipelines, () -> "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void answers_come_over_tls_and_not_otherwise(String algorithm) throws Exception {
        TlsConfig tls = Certificates.make(directory, algorithm);
        try (StatusServer server = start(tls)) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(PemFiles.trusting(tls)).build();
            URI live = URI.create(server.address() + "/health/live");
            assertThat(live.getScheme()).isEqualTo("https");
            assertThat(client.send(HttpRequest.newBuilder(live).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(live).build(), BodyHandlers.ofString()))
                    .as("whoever does not trust it")
                    .isInstanceOf(javax.net.ssl.SSLException.class);
        }
    }

    @Test
    void a_key_that_cannot_be_used_is_said_and_not_shown() throws Exception {
        TlsConfig tls = Certificates.make(directory, "RSA");
        String key = Files.readString(tls.key());
        Files.writeString(tls.key(), key.replace("PRIVATE KEY", "RSA PRIVATE KEY"));
        assertThatThrownBy(() -> start(tls))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining(tls.key().toString())
                .hasMessageContaining("openssl pkcs8")
                .hasMessageNotContaining(key.lines().skip(1).findFirst().orElseThrow());
        Files.delete(tls.certificate());
        assertThatThrownBy(() -> start(tls))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining(tls.certificate().toString());
    }
}
