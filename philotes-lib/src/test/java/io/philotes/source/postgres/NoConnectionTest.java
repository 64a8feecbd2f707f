// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What keeps a connection from being made is told apart, for each is mended elsewhere; the driver has few words for it. */
class NoConnectionTest {

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static PostgresSourceBuilder source(String url, SslMode mode) {
        return PostgresSource.builder(url)
                .credentials("nobody", "")
                .sslMode(mode)
                .tables("public.orders");
    }

    private static Finding error(PostgresSourceBuilder source) {
        List<Finding> findings = source.build().attach("shop").check();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void a_host_that_nobody_knows_is_named_as_such() {
        Finding finding = error(source("jdbc:postgresql://no-such-host.invalid/shop", SslMode.DISABLE));
        assertThat(finding.code()).contains(ErrorCode.SOURCE_UNREACHABLE);
        assertThat(finding.message()).contains("UnknownHostException: no-such-host.invalid");
    }

    @Test
    void a_server_without_tls_is_not_taken_for_one_that_is_away() {
        Finding finding = error(source(server.url(), SslMode.REQUIRE));
        assertThat(finding.code()).contains(ErrorCode.SOURCE_UNREACHABLE);
        assertThat(finding.fix().orElseThrow()).contains("ssl.mode: disable").doesNotContain("check host");
    }

    @Test
    void a_password_that_is_missing_is_no_network_that_is_away() throws Exception {
        SourceLab lab = new SourceLab(server, "signed");
        lab.sql("CREATE ROLE nobody LOGIN REPLICATION PASSWORD 'known'");
        Path rules = Path.of(lab.value("SHOW hba_file"));
        String before = Files.readString(rules);
        try {
            Files.writeString(rules, "host all nobody all scram-sha-256\n" + before);
            lab.sql("SELECT pg_reload_conf()");
            await().untilAsserted(() -> {
                Finding finding = error(source(server.url("signed"), SslMode.DISABLE));
                assertThat(finding.code()).contains(ErrorCode.SOURCE_AUTHENTICATION);
                assertThat(finding.message()).contains("password");
            });
        } finally {
            Files.writeString(rules, before);
            lab.sql("SELECT pg_reload_conf()");
        }
    }
}
