// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.config.TlsConfig;
import io.philotes.runner.server.ApiKeys;
import io.philotes.runner.server.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Orders to a running process, by way of a server with TLS and a key. */
class PipelineCommandTest extends CliLab {

    private static final String KEY = ApiKeys.random();

    private int withKey(String key, String... args) {
        List<String> all = new ArrayList<>(List.of("--config", config()));
        all.addAll(List.of(args));
        return cli(Map.of("PHILOTES_KEY", key), all.toArray(String[]::new));
    }

    @Test
    void a_pipeline_is_paused_stopped_and_started_by_who_has_the_key() throws Exception {
        TlsConfig tls = Certificates.make(directory, "EC");
        Path file = Path.of(config());
        String yaml = Files.readString(file)
                .replaceAll(
                        "(?m)^server: \\{ port: (\\d+) }",
                        "server: { port: $1, tls: { certificate: \"" + tls.certificate() + "\", key: \"" + tls.key()
                                + "\" }, auth: { api-keys: { dana: { role: operator, sha256: " + ApiKeys.hash(KEY)
                                + " } } } }");
        Files.writeString(file, yaml);
        whileRunning(Map.of("PHILOTES_KEY", KEY), () -> {
            assertThat(withKey(KEY, "pipeline", "pause", "one", "--wait"))
                    .as(err())
                    .isZero();
            assertThat(out()).isEqualTo("one  PAUSED\n");
            assertThat(withKey(KEY, "pipeline", "resume", "one", "--wait")).isZero();
            assertThat(withKey(KEY, "pipeline", "stop", "one", "--wait", "-o", "json"))
                    .isZero();
            assertThat(new ObjectMapper().readTree(out()).path("state").asText())
                    .isEqualTo("STOPPED");
            execute("INSERT INTO t VALUES (11, 'later')");
            assertThat(withKey(KEY, "pipeline", "start", "one", "--wait")).isZero();
            assertThat(withKey(KEY, "pipeline", "restart", "one", "--wait")).isZero();
            assertThat(withKey(KEY, "pipeline", "list")).isZero();
            assertThat(out()).startsWith("one  ");
            assertThat(withKey(KEY, "pipeline", "show", "nobody")).isEqualTo(78);
            assertThat(err()).contains("no pipeline is called 'nobody'");
            assertThat(withKey(ApiKeys.random(), "pipeline", "stop", "one")).isEqualTo(77);
            assertThat(err()).contains("the API key is not known here", "PHILOTES_KEY");
            assertThat(withKey(KEY, "verify", "one", "public.t")).as(err()).isZero();
            assertThat(out()).contains("public.t: equal, 11 rows");
        });
    }

    @Test
    void a_key_is_made_and_written_nowhere() {
        assertThat(cli("key", "create", "dana", "--role", "operator")).isZero();
        String key = out().strip();
        assertThat(key).startsWith("phk_").hasSize(47);
        assertThat(err())
                .contains("dana: { role: operator, sha256: " + ApiKeys.hash(key) + " }")
                .doesNotContain(key);
        assertThat(cli("key", "create", "no name")).isEqualTo(64);
        assertThat(cli("key", "create", "x", "--role", "king")).isEqualTo(64);
        assertThat(cli("key")).isEqualTo(64);
        assertThat(cli("pipeline")).isEqualTo(64);
    }

    @Test
    void an_address_that_others_reach_needs_keys() throws Exception {
        Path file = Path.of(config());
        String yaml = Files.readString(file).replace("server: { ", "server: { address: 0.0.0.0, ");
        Files.writeString(file, yaml);
        assertThat(cli("run", "--config", config())).isEqualTo(78);
        int line = (int) yaml.lines().takeWhile(l -> !l.startsWith("server:")).count() + 1;
        assertThat(err()).contains(file + ":" + line + ":11: server.address: ", "philotes key create NAME");
    }
}
