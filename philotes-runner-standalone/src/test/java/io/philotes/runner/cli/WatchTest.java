// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Looking at a running process. */
class WatchTest extends CliLab {

    /** Runs a command in a thread of its own until its output shows something, interrupts it, and gives its exit code. */
    private int until(String shown, IntSupplier command) throws Exception {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread watcher = new Thread(() -> exit.complete(command.getAsInt()));
        watcher.start();
        Awaitility.await().atMost(PATIENCE).until(() -> out().contains(shown) || exit.isDone());
        watcher.interrupt();
        return exit.get(1, TimeUnit.MINUTES);
    }

    @Test
    void health_and_status_are_watched_while_it_runs() throws Exception {
        assertThat(cli("health", "--config", config())).isEqualTo(69);
        whileRunning(() -> {
            assertThat(cli("health", "--config", config())).as(said()).isZero();
            assertThat(out()).startsWith("up").contains("one  RUNNING");
            assertThat(cli("health", "--live", "-o", "json", "--config", config()))
                    .isZero();
            assertThat(out()).contains("\"status\":\"up\"");

            String[] watch = {"status", "--watch", "--interval", "50ms", "--config", config()};
            assertThat(until("2 of 2 tables streaming\n2", () -> cli(watch))).isEqualTo(130);
            assertThat(out()).contains(" one RUNNING lag ").doesNotContain("\u001b", "\r");
            assertThat(until("\u001b[H2", () -> typing("", Map.of(), watch))).isEqualTo(130);
            assertThat(out()).contains("Ctrl-C ends this view", "public.t", "\u001b[J");
        });
        assertThat(cli("status", "--watch", "--interval", "50ms", "--config", config()))
                .isEqualTo(69);
        assertThat(cli("status", "--watch", "--interval", "0s", "--config", config()))
                .isEqualTo(64);
    }
}
