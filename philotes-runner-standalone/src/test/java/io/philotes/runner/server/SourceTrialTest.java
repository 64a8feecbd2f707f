// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.config.SourceConfig;
import io.philotes.runner.yaml.SentText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands behind an address that somebody sent may be anything. */
class SourceTrialTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue<Socket> callers = new ConcurrentLinkedQueue<>();
    private ServerSocket mute;

    @BeforeEach
    void listen() throws IOException {
        mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "mute");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes connections, and says nothing. */
    private void accept() {
        try {
            while (true) {
                callers.add(mute.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    @AfterEach
    void close() throws IOException {
        mute.close();
        hangUp();
    }

    private void hangUp() throws IOException {
        for (Socket socket : callers) {
            socket.close();
        }
    }

    private static SourceConfig source(int port) {
        return SentText.json(
                        "{\"url\": \"jdbc:postgresql://127.0.0.1:" + port
                                + "/x\", \"username\": \"u\", \"password\": \"canary\", \"connect-timeout\": \"30s\", \"ssl\": {\"mode\": \"disable\"}}")
                .source()
                .value()
                .orElseThrow();
    }

    private static String message(CheckJson report) {
        assertThat(report.passed()).isFalse();
        return report.pipelines().get(0).findings().get(0).toString();
    }

    @Test
    void nobody_waits_for_a_server_that_says_nothing_and_its_turn_is_soon_free() {
        SourceTrial trial = new SourceTrial(Duration.ofMillis(50));
        for (int i = 0; i < 5; i++) {
            // Only a connection that was really broken off gives its turn back: nobody hangs up here.
            Awaitility.await()
                    .atMost(PATIENCE.dividedBy(2))
                    .ignoreExceptionsInstanceOf(Refusal.class)
                    .untilAsserted(() -> assertThat(message(trial.of(source(mute.getLocalPort()))))
                            .contains("PHI-1002", "not done within")
                            .doesNotContain("canary"));
        }
    }

    @Test
    void there_are_never_many_at_a_time() throws Exception {
        SourceTrial trial = new SourceTrial(PATIENCE);
        List<Thread> waiting = List.of(
                new Thread(() -> trial.of(source(mute.getLocalPort()))),
                new Thread(() -> trial.of(source(mute.getLocalPort()))));
        waiting.forEach(Thread::start);
        Awaitility.await().atMost(PATIENCE).until(() -> callers.size() == 2);
        assertThatThrownBy(() -> trial.of(source(mute.getLocalPort())))
                .as("both still stand there")
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.problem("/").status()).isEqualTo(503));
        hangUp();
        for (Thread thread : waiting) {
            thread.join();
        }
    }

    @Test
    void a_turn_is_free_again_after_each_look() throws Exception {
        mute.close();
        SourceTrial trial = new SourceTrial(PATIENCE);
        for (int i = 0; i < 5; i++) {
            assertThat(message(trial.of(source(mute.getLocalPort()))))
                    .contains("PHI-1002", "connect")
                    .doesNotContain("canary");
        }
    }

    @Test
    void options_that_cannot_be_used_are_a_finding() {
        String json = "{\"url\": \"jdbc:postgresql://db/x\", \"username\": \"u\", \"connect-timeout\": \"10ms\"}";
        SourceConfig config = SentText.json(json).source().value().orElseThrow();
        assertThat(message(new SourceTrial(PATIENCE).of(config))).contains("PHI-2001", "connectTimeout");
    }
}
