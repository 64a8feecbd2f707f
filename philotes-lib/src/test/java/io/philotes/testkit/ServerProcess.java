// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** An HTTP server in a JVM of its own, at one port. It can be killed and started again. Confined to one thread. */
final class ServerProcess implements AutoCloseable {

    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;
    private final Path log;
    private final String probe;
    private Process process;

    /**
     * @param probe a request that the server answers, whatever it says
     * @param arguments of {@code java}, from the class path on
     */
    ServerProcess(Path log, String probe, Map<String, String> environment, List<String> arguments) {
        this.log = log;
        this.probe = probe;
        this.environment = Map.copyOf(environment);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("CATALOG_") || name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        File file = log.toFile();
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
                .start();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::answers);
    }

    private boolean answers() throws Exception {
        assertThat(process.isAlive()).as(() -> "server's process:\n" + said()).isTrue();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(probe))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> said() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    /** Ends it as a power loss would, in the middle of whatever it does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
