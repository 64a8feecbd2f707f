// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.Main;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with 512 MB of heap serves ten idle pipelines and a busy one. Prints heap and resident memory.
 * {@code -Dphilotes.long=true} makes it longer.
 */
class HeapTest {

    private static final int IDLE = 10;
    private static final int ROWS = Boolean.getBoolean("philotes.long") ? 1_000_000 : 50_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final double MIB = 1 << 20;

    @TempDir
    Path directory;

    private EmbeddedPostgres postgres;
    private Process runner;
    private String base;
    private double highestHeap;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                // Off in such servers; then what has just committed may not be in the WAL when somebody catches up.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_replication_slots", "30")
                .setServerConfig("max_wal_senders", "30")
                .start();
        StringBuilder pipelines = new StringBuilder();
        for (int i = 0; i <= IDLE; i++) {
            execute("CREATE TABLE t" + i + " (id bigint PRIMARY KEY, a text, b numeric(20, 4), c timestamptz)");
            execute("INSERT INTO t" + i + " SELECT i, 'row ' || i, i / 7.0, now() FROM generate_series(1, 100) i");
            pipelines.append("""
                      p%1$d:
                        source: db
                        destination: { catalog: { type: local, warehouse: "%2$s" } }
                        tables: [public.t%1$d]
                        commit: { interval: 1s }
                    """.formatted(i, directory.resolve("lake" + i)));
        }
        int port = CliLab.freePort();
        base = "http://127.0.0.1:" + port;
        Path config = Files.writeString(directory.resolve("philotes.yaml"), """
                version: 1
                sources:
                  db: { url: "jdbc:postgresql://localhost:%d/postgres", username: postgres, password: postgres, ssl: { mode: disable } }
                pipelines:
                %sstate: { directory: "%s" }
                server: { port: %d }
                """.formatted(
                        postgres.getPort(), pipelines, directory.resolve("state"), port));
        runner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        runner.destroy();
        if (!runner.waitFor(1, TimeUnit.MINUTES)) {
            runner.destroyForcibly();
        }
        postgres.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.ofString())
                .body();
    }

    private JsonNode json(String path, String body) throws IOException, InterruptedException {
        return Json.mapper().readTree(ask(path, body));
    }

    private void awaitAllRunning() {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(runner.isAlive())
                    .as(Files.readString(directory.resolve("log")))
                    .isTrue();
            JsonNode items = json("/api/v1/pipelines", null).path("items");
            assertThat(items).hasSize(IDLE + 1);
            assertThat(items).allSatisfy(item -> {
                assertThat(item.path("state").asText()).isEqualTo("RUNNING");
                assertThat(item.at("/tables/0/state").asText()).isEqualTo("STREAMING");
            });
        });
    }

    @Test
    void ten_idle_pipelines_and_a_busy_one_live_in_512_mb() throws Exception {
        awaitAllRunning();
        double idleHeap = heap();
        long idleResident = resident("VmRSS");
        long began = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            execute("INSERT INTO t0 SELECT i, md5(i::text), i / 7.0, now() FROM generate_series("
                    + (1000 + i * ROWS / 10) + ", " + (999 + (i + 1) * ROWS / 10) + ") i");
            execute("UPDATE t0 SET a = a || 'x' WHERE id % 10 = " + i);
            heap();
        }
        execute("DELETE FROM t0 WHERE id % 3 = 0");
        long run = json("/api/v1/pipelines/p0/verify", "{}").path("run").asLong();
        Awaitility.await().atMost(PATIENCE).until(() -> {
            heap();
            return json("/api/v1/operations/" + run, null)
                    .path("state")
                    .asText()
                    .equals("DONE");
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        JsonNode table = json("/api/v1/pipelines/p0/verify/" + run, null).at("/report/tables/0");
        assertThat(table.path("verdict").asText()).as(table.toString()).isEqualTo("EQUAL");
        assertThat(table.path("rows").asLong()).isGreaterThan(ROWS / 2);
        awaitAllRunning();
        assertThat(Files.readString(directory.resolve("log"))).doesNotContain("OutOfMemory", " ERROR ");
        System.out.printf(
                "eleven pipelines, -Xmx512m: heap %.0f MiB and resident %.0f MiB when idle; %d rows and their changes in"
                        + " %.0f s, verified; heap at most %.0f MiB, resident at most %.0f MiB%n",
                idleHeap / MIB, idleResident / MIB, ROWS, seconds, highestHeap / MIB, resident("VmHWM") / MIB);
    }

    /** Of the other process, garbage included. */
    private double heap() throws IOException, InterruptedException {
        double used = ask("/metrics", null)
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
        assertThat(used).isPositive();
        highestHeap = Math.max(highestHeap, used);
        return used;
    }

    /** In bytes; 0 where the system does not tell. */
    private long resident(String which) throws IOException {
        Path status = Path.of("/proc", Long.toString(runner.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(status)) {
            return Pattern.compile(which + ":\\s+(\\d+) kB")
                    .matcher(new String(in.readAllBytes(), "UTF-8"))
                    .results()
                    .mapToLong(found -> Long.parseLong(found.group(1)) << 10)
                    .findFirst()
                    .orElse(0);
        }
    }
}
