// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.runner.yaml.ConfigReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;

/** A database with tables t (ten rows) and u (none), a configured pipeline {@code one} of both, and the command line. */
abstract class CliLab extends CliServer {

    static final Duration PATIENCE = Duration.ofMinutes(1);

    private String config;

    /** What is done meanwhile. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    @BeforeEach
    void prepare() throws Exception {
        execute(
                "DROP TABLE IF EXISTS t, u",
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
                "CREATE TABLE u (id int PRIMARY KEY)",
                "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 10) i",
                "DROP PUBLICATION IF EXISTS philotes_one",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        config = configure(postgres().getPort());
    }

    /** A configuration of the pipeline whose source is at the port; the state stays the same. */
    final String configure(int sourcePort) throws IOException {
        String more = """
                state: { directory: "%s" }
                server: { port: %d }
                """.formatted(state(), freePort());
        return Files.writeString(
                        directory.resolve("philotes" + sourcePort + ".yaml"),
                        yaml(sourcePort, "one", "[public.t, public.u]", more))
                .toString();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    final String config() {
        return config;
    }

    /** A process that runs until the work is done. */
    final void whileRunning(Work work) throws Exception {
        whileRunning(Map.of(), work);
    }

    /** @param environment with what its server wants to see */
    final void whileRunning(Map<String, String> environment, Work work) throws Exception {
        PhilotesConfig read = new ConfigReader(name -> null).read(Path.of(config));
        try (RunnerProcess process = new RunnerProcess(read, List.of("one"))) {
            process.serve();
            Thread runner = new Thread(() -> {
                try {
                    process.runUntilStopped();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            runner.start();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> cli(environment, "status", "-o", "json", "--config", config) == 0
                            && out().contains("\"RUNNING\"")
                            && !out().contains("\"PENDING\"")
                            && !out().contains("\"COPYING\""));
            work.run();
        }
    }
}
