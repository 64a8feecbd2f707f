// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.config.ServerConfig;
import io.philotes.config.TlsConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
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

    /** What a new connection is shown, whoever it is from. */
    private static byte[] shown(StatusServer server) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0].getEncoded();
        }
    }

    private static final class Trusting extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static byte[] bytes(TlsConfig tls) throws Exception {
        return Base64.getMimeDecoder()
                .decode(Files.readString(tls.certificate()).replaceAll("-----.*?-----", ""));
    }

    private TlsConfig another(String name, String algorithm) throws Exception {
        return Certificates.make(Files.createDirectory(directory.resolve(name)), algorithm);
    }

    private static void replace(Path file, Path by) throws Exception {
        Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void the_next_connection_sees_a_new_certificate(String algorithm) throws Exception {
        TlsConfig tls = Certificates.make(directory, "RSA");
        TlsConfig renewed = another("renewed", algorithm);
        byte[] before = bytes(tls);
        try (StatusServer server = start(tls);
                ErrorLog log = new ErrorLog(WatchedTls.class)) {
            assertThat(shown(server)).isEqualTo(before);
            replace(tls.certificate(), renewed.certificate());
            for (int i = 0; i < 3; i++) {
                assertThat(shown(server)).as("its key is not there yet").isEqualTo(before);
            }
            assertThat(log.errors())
                    .singleElement()
                    .asString()
                    .contains(tls.certificate().toString(), "the certificate of before stays in use");
            replace(tls.key(), renewed.key());
            for (int i = 0; i < 3; i++) {
                assertThat(shown(server)).isEqualTo(bytes(renewed));
            }
            assertThat(log.errors()).hasSize(1);
        }
    }

    @Test
    void what_is_no_certificate_is_told_once_and_that_of_before_stays() throws Exception {
        TlsConfig tls = Certificates.make(directory, "EC");
        byte[] before = bytes(tls);
        String key = Files.readString(tls.key());
        try (StatusServer server = start(tls);
                ErrorLog log = new ErrorLog(WatchedTls.class)) {
            Files.writeString(tls.key(), "canary");
            for (int i = 0; i < 3; i++) {
                assertThat(shown(server)).isEqualTo(before);
            }
            assertThat(log.errors())
                    .singleElement()
                    .asString()
                    .contains("PRIVATE KEY")
                    .doesNotContain("canary");
            Files.delete(tls.certificate());
            for (int i = 0; i < 3; i++) {
                assertThat(shown(server)).isEqualTo(before);
            }
            assertThat(log.errors()).hasSize(2);
            TlsConfig renewed = another("renewed", "EC");
            replace(tls.key(), renewed.key());
            replace(tls.certificate(), renewed.certificate());
            assertThat(shown(server)).isEqualTo(bytes(renewed));
            assertThat(log.errors().toString())
                    .doesNotContain(key.lines().skip(1).findFirst().orElseThrow());
        }
    }

    /** Half of it is there while another program still writes. */
    @Test
    void a_key_that_is_not_whole_is_told_once_and_that_of_before_stays() throws Exception {
        TlsConfig tls = Certificates.make(directory, "RSA");
        byte[] before = bytes(tls);
        String halved = "-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----\n";
        try (StatusServer server = start(tls);
                ErrorLog log = new ErrorLog(WatchedTls.class)) {
            Files.writeString(tls.key(), halved);
            for (int i = 0; i < 3; i++) {
                assertThat(shown(server)).isEqualTo(before);
            }
            assertThat(log.errors()).singleElement().asString().contains("its key is not whole");
        }
        assertThatThrownBy(() -> start(tls))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(tls.key().toString());
    }

    @Test
    void a_key_of_another_certificate_is_told_at_the_start() throws Exception {
        TlsConfig tls = Certificates.make(directory, "RSA");
        replace(tls.key(), another("other", "RSA").key());
        assertThatThrownBy(() -> start(tls))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("the key is not that of the certificate");
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
