// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.dlq.DeadLetterState;
import io.philotes.runner.letters.StoredLetters;
import io.philotes.runner.server.OnePipeline;
import io.philotes.runner.server.StatusServer;
import io.philotes.runner.server.TestServer;
import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code philotes dlq}, by way of a server and without one. */
class DlqTest {

    private static final String TABLE = "public.\"Odd Orders\"";

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private DeadLetterQueue queue;
    private StatusServer server;
    private boolean serves;

    @BeforeEach
    void start() throws IOException {
        queue = StoredLetters.queue(directory.resolve("state").resolve("dead-letters"));
        StoredLetters.add(queue, 3);
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Files.writeString(directory.resolve("philotes.yaml"), """
                version: 1
                pipelines:
                  shop:
                    source: { url: "jdbc:postgresql://localhost:1/shop", username: postgres }
                    destination: { catalog: { type: local, warehouse: "%s" } }
                    tables: [public.t]
                    on-error: { row: dead-letter }
                state: { directory: "%s" }
                server: { port: %d }
                """.formatted(
                        directory.resolve("lake"), directory.resolve("state"), free));
    }

    @AfterEach
    void stop() {
        queue.close();
        if (server != null) {
            server.close();
        }
    }

    private void serve() {
        DeadLetterRequests requests = new DeadLetterRequests(queue, StoredLetters.PIPELINE, Clock.systemUTC());
        server = TestServer.start(0, new OnePipeline("shop", () -> Optional.of(requests)), () -> "");
        serves = true;
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(
                List.of("--config", directory.resolve("philotes.yaml").toString(), "dlq"));
        all.addAll(List.of(args));
        if (serves) {
            all.addAll(List.of("--server", "http://127.0.0.1:" + server.port()));
        }
        Terminal terminal = new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), Map.<String, String>of()::get, false);
        return new Cli(terminal).run(all.toArray(String[]::new));
    }

    private long count(DeadLetterState state) {
        return queue.count(DeadLetterFilter.ALL.in(Set.of(state)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letters_are_counted_listed_shown_and_asked_for(boolean byServer) {
        if (byServer) {
            serve();
        }
        assertThat(run("count", "shop")).isZero();
        assertThat(out).hasToString("3 dead letters: 3 PARKED\n");
        assertThat(err.toString().contains("opening the queue itself")).isEqualTo(!byServer);
        assertThat(run("list", "shop", "--table", TABLE)).isZero();
        assertThat(out.toString().lines())
                .hasSize(4)
                .anyMatch(
                        line -> line.matches(
                                "0/65\\+0  sink  public.Odd Orders  PARKED  PHI-5001  1 +2026-11-21T12:00:00Z  Cannot keep it: too wide"));
        assertThat(out.toString()).doesNotContain("secret");
        assertThat(run("show", "shop", "--id", "0/65+0")).isZero();
        assertThat(out.toString())
                .contains("id int4 = 1", "name text = secret\\u001b[2J", "keys    [1]", "insert in public.Odd Orders")
                .doesNotContain("\u001b");
        assertThat(run("replay", "shop", "--id", "0/65+0")).isZero();
        assertThat(out.toString()).startsWith("1 dead letters are wanted: shop applies them with one of its next");
        assertThat(count(DeadLetterState.WANTED)).isEqualTo(1);
        assertThat(run("replay", "shop", "--code", "PHI-1")).isZero();
        assertThat(out.toString()).isEqualTo("no parked dead letter is meant\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_was_never_applied_is_purged_with_yes_alone(boolean byServer) {
        if (byServer) {
            serve();
        }
        queue.move(StoredLetters.ids(1), DeadLetterMove.superseded(Instant.EPOCH));
        assertThat(run("purge", "shop")).isEqualTo(1);
        assertThat(err.toString()).contains("2 of these dead letters were never applied", "DIVERGED", "--yes");
        assertThat(queue.count(DeadLetterFilter.ALL)).isEqualTo(3);
        assertThat(run("purge", "shop", "--state", "applied,superseded")).isZero();
        assertThat(out).hasToString("1 dead letters were removed\n");
        assertThat(run("purge", "shop", "--yes")).isZero();
        assertThat(out.toString()).contains("2 are given up: shop marks their tables DIVERGED");
        assertThat(count(DeadLetterState.DISCARDED)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letters_are_exported_into_a_file_of_its_owner(boolean byServer) throws IOException {
        if (byServer) {
            serve();
        }
        Path file = directory.resolve("out.avro");
        assertThat(run("export", "shop", "--to", file.toString())).isZero();
        assertThat(out.toString()).startsWith("3 dead letters are in ");
        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                .startsWith("Obj\u0001");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".avro")))
                    .containsExactly("out.avro");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void programs_get_json(boolean byServer) throws IOException {
        if (byServer) {
            serve();
        }
        assertThat(run("list", "shop", "--limit", "2", "-o", "json")).isZero();
        JsonNode items = Json.mapper().readTree(out.toString());
        assertThat(items).hasSize(2);
        assertThat(items.get(0).path("at").asText()).isEqualTo("0/64+0");
        assertThat(err.toString()).contains("--limit");
        assertThat(run("show", "shop", "--id", "0/64+0", "-o", "json")).isZero();
        assertThat(Json.mapper()
                        .readTree(out.toString())
                        .get(0)
                        .path("newRow")
                        .get(0)
                        .path("text")
                        .asText())
                .isEqualTo("0");
    }

    @Test
    void wrong_use_is_explained() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("show", "shop")).isEqualTo(ExitCode.USAGE);
        assertThat(run("count")).isEqualTo(ExitCode.USAGE);
        assertThat(run("count", "shop", "--state", "gone")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no state 'gone'");
        assertThat(run("count", "shop", "--id", "5")).isEqualTo(ExitCode.USAGE);
        assertThat(run("list", "shop", "--limit", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("export", "shop")).isEqualTo(ExitCode.USAGE);
        assertThat(run(
                        "export",
                        "shop",
                        "--to",
                        directory.resolve("none/out.avro").toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("Cannot write", "none").doesNotContain("defect");
        assertThat(run("count", "ship", "--offline")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("shop");
        assertThat(run("show", "shop", "--id", "0/1+0")).isEqualTo(ExitCode.NEGATIVE);
        assertThat(run("count", "shop", "--server", "http://127.0.0.1:1")).isEqualTo(ExitCode.UNREACHABLE);
    }
}
