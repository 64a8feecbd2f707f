// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.philotes.config.ApiKeyConfig;
import io.philotes.config.ApiRole;
import io.philotes.config.ServerAuthConfig;
import io.philotes.config.ServerConfig;
import io.philotes.config.TlsConfig;
import io.philotes.runner.server.ApiKeys;
import io.philotes.runner.server.Certificates;
import io.philotes.runner.server.OnePipeline;
import io.philotes.runner.server.StatusServer;
import io.philotes.runner.server.TestServer;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the command line finds a server, trusts it, and what it makes of its answers. */
class ServerClientTest {

    private static final String KEY = ApiKeys.random();

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();

    private int run(Map<String, String> environment, String... args) {
        err.getBuffer().setLength(0);
        PrintWriter out = new PrintWriter(new StringWriter());
        return new Cli(new Terminal(out, new PrintWriter(err), environment::get, false)).run(args);
    }

    private Path config(String server) throws IOException {
        return Files.writeString(directory.resolve("philotes.yaml"), """
                version: 1
                pipelines:
                  shop:
                    source: { url: "jdbc:postgresql://127.0.0.1:1/shop", username: a, password: b }
                    destination: { catalog: { type: local, warehouse: %s } }
                    tables: [public.orders]
                server: { %s }
                """.formatted(directory.resolve("lake"), server));
    }

    private static String keys(TlsConfig tls) {
        return "tls: { certificate: %s, key: %s }, auth: { api-keys: { me: { role: viewer, sha256: %s } } }"
                .formatted(tls.certificate(), tls.key(), ApiKeys.hash(KEY));
    }

    @Test
    void its_own_certificate_is_trusted_under_any_name_and_no_other() throws Exception {
        TlsConfig tls = Certificates.make(directory, "EC", "dns:philotes.internal");
        ServerAuthConfig auth = new ServerAuthConfig(
                Map.of("me", new ApiKeyConfig(ApiRole.VIEWER, Optional.of(ApiKeys.hash(KEY)), Optional.empty())));
        ServerConfig everywhere = new ServerConfig(true, "0.0.0.0", 0, Optional.of(tls), auth);
        Map<String, String> key = Map.of("PHILOTES_KEY", KEY);
        try (StatusServer server = TestServer.start(everywhere, new OnePipeline("shop", Optional::empty), () -> "")) {
            String address = "address: 0.0.0.0, port: " + server.port() + ", ";
            String named = "https://localhost:" + server.port();
            String file = config(address + keys(tls)).toString();
            assertThat(run(key, "status", "--config", file)).as(err.toString()).isZero();
            assertThat(run(key, "status", "--config", file, "--server", named))
                    .as(err.toString())
                    .isZero();
            assertThat(run(Map.of(), "status", "--config", file)).isEqualTo(77);
            assertThat(err.toString()).contains("https://127.0.0.1:", "an API key is needed");
            Map<String, String> unknown = Map.of("PHILOTES_KEY", ApiKeys.random());
            assertThat(run(unknown, "status", "--config", file)).isEqualTo(77);
            assertThat(err.toString()).contains("the API key is not known").doesNotContain("is needed");

            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
            TlsConfig other = Certificates.make(elsewhere, "EC", "dns:localhost,ip:127.0.0.1");
            config(address + keys(other));
            assertThat(run(key, "status", "--config", file)).isEqualTo(69);
            assertThat(err.toString()).contains("TLS: ", "--config", "javax.net.ssl.trustStore");
            assertThat(run(key, "status", "--config", file, "--server", named)).isEqualTo(69);
            Files.writeString(Path.of(file), "version: 2");
            assertThat(run(key, "status", "--config", file, "--server", named)).isEqualTo(69);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, 77", "403, 77", "409, 75", "503, 75", "404, 78", "422, 78"})
    void a_no_without_a_number_of_the_catalogue_ends_by_its_status(int status, int exit) throws Exception {
        HttpServer server =
                server(exchange -> answer(exchange, status, "application/problem+json", "{\"detail\": \"not now\"}"));
        try {
            String address = "http://localhost:" + server.getAddress().getPort();
            assertThat(run(Map.of(), "status", "--server", address)).isEqualTo(exit);
            assertThat(err.toString()).contains("not now");
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//"})
    void an_address_may_end_in_a_slash(String end) throws Exception {
        HttpServer server = server(exchange -> {
            boolean asked = exchange.getRequestURI().getPath().equals("/api/v1/pipelines");
            answer(exchange, asked ? 200 : 404, "application/json", "[]");
        });
        try {
            String address = "http://localhost:" + server.getAddress().getPort() + end;
            assertThat(run(Map.of(), "status", "--server", address))
                    .as(err.toString())
                    .isZero();
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resync", "verify", "pipeline show", "dlq count"})
    void a_pipeline_may_be_asked_for_by_any_name(String command) throws Exception {
        HttpServer server = server(exchange -> {
            boolean asked = exchange.getRequestURI().getPath().startsWith("/api/v1/pipelines/my shop?");
            answer(exchange, asked ? 404 : 400, "application/problem+json", "{\"detail\": \"asked: " + asked + "\"}");
        });
        try {
            List<String> args = new ArrayList<>(List.of(command.split(" ")));
            args.addAll(List.of(
                    "my shop?",
                    "--server",
                    "http://localhost:" + server.getAddress().getPort()));
            assertThat(run(Map.of(), args.toArray(String[]::new))).isEqualTo(78);
            assertThat(err.toString()).contains("asked: true");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void what_a_pipeline_failed_with_does_nothing_to_a_terminal() throws Exception {
        HttpServer server = server(exchange -> answer(
                exchange,
                200,
                "application/json",
                "{\"pipeline\": \"shop\", \"failure\": {\"message\": \"x\\u001b[2Jy\", \"hint\": \"\\u001b[2J\"}}"));
        try {
            StringWriter shown = new StringWriter();
            String address = "http://localhost:" + server.getAddress().getPort();
            new Cli(new Terminal(new PrintWriter(shown), new PrintWriter(err), name -> null, false))
                    .run("pipeline", "show", "shop", "--server", address);
            assertThat(shown.toString()).contains("x\\u001b[2Jy").doesNotContain("\u001b");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void what_is_no_address_is_told_how_one_is_written() {
        assertThat(run(Map.of(), "status", "--server", "localhost:8484")).isEqualTo(69);
        assertThat(err.toString()).contains("that is no address", "http://host:port");
    }

    @Test
    void without_a_server_tables_are_marked_only_where_nobody_listens() throws Exception {
        HttpServer away = server(HttpExchange::close);
        String port = "port: " + away.getAddress().getPort();
        away.stop(0);
        run(Map.of(), "resync", "shop", "--config", config(port).toString());
        assertThat(err.toString()).contains("no philotes answers at", "marking for the next start");
    }

    /** The configuration that lies here is another machine's, too: with it a slot would be dropped, or a second instance begin. */
    @Test
    void a_server_that_the_environment_names_is_not_gone_around() throws Exception {
        Map<String, String> elsewhere = Map.of("PHILOTES_SERVER", "http://127.0.0.1:1");
        String file = config("port: 0").toString();
        for (List<String> command :
                List.of(List.of("resync", "shop"), List.of("verify", "shop"), List.of("dlq", "count", "shop"))) {
            List<String> args = new ArrayList<>(command);
            args.addAll(List.of("--config", file));
            assertThat(run(elsewhere, args.toArray(String[]::new)))
                    .as(command + err.toString())
                    .isEqualTo(69);
            assertThat(err.toString()).contains("http://127.0.0.1:1").doesNotContain("no philotes answers");
        }
    }

    @Test
    void a_server_that_breaks_off_may_be_at_work() throws Exception {
        assertIsNotGoneAround(HttpExchange::close, "broke off", "may be at work");
    }

    @Test
    void a_server_whose_source_is_away_is_at_work() throws Exception {
        String problem = "{\"code\": \"PHI-1002\", \"detail\": \"PHI-1002 Cannot connect to the source\"}";
        assertIsNotGoneAround(
                exchange -> answer(exchange, 503, "application/problem+json", problem), "Cannot connect to the source");
    }

    @Test
    void a_server_that_cannot_be_trusted_may_be_at_work() throws Exception {
        TlsConfig tls = Certificates.make(directory, "EC");
        TlsConfig other = Certificates.make(Files.createDirectory(directory.resolve("elsewhere")), "EC");
        ServerConfig secured = new ServerConfig(true, "127.0.0.1", 0, Optional.of(tls), null);
        try (StatusServer server = TestServer.start(secured, new OnePipeline("shop", Optional::empty), () -> "")) {
            assertIsNotGoneAround(server.port(), ", " + keys(other), "TLS: ");
        }
    }

    private void assertIsNotGoneAround(HttpHandler handler, String... said) throws IOException {
        HttpServer server = server(handler);
        try {
            assertIsNotGoneAround(server.getAddress().getPort(), "", said);
        } finally {
            server.stop(0);
        }
    }

    /** With a slot dropped beside it, or a second instance, a server that is there would lose its place. */
    private void assertIsNotGoneAround(int port, String more, String... said) throws IOException {
        String file = config("port: " + port + more).toString();
        assertThat(run(Map.of(), "resync", "shop", "--config", file)).isEqualTo(69);
        assertThat(err.toString()).contains(said).doesNotContain("marking");
        assertThat(run(Map.of(), "verify", "shop", "--config", file)).isEqualTo(69);
        assertThat(err.toString()).contains(said).doesNotContain("starting shop here");
    }

    @Test
    void copies_of_no_table_are_no_success() throws Exception {
        HttpServer server = server(
                exchange -> answer(exchange, 202, "application/json", "{\"pipeline\": \"shop\", \"tables\": []}"));
        try {
            String address = "http://localhost:" + server.getAddress().getPort();
            assertThat(run(Map.of(), "resync", "shop", "--wait", "--server", address))
                    .isEqualTo(75);
            assertThat(err.toString()).contains("knows no table");
            assertThat(run(Map.of(), "resync", "shop", "--server", address)).isEqualTo(75);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void keys_are_listed_without_the_secrets_of_others() throws Exception {
        Path file = config(keys(Certificates.make(directory, "EC")));
        Files.writeString(file, Files.readString(file).replace("password: b", "password: '${NOT_SET_HERE}'"));
        assertThat(run(Map.of(), "key", "list", "--config", file.toString()))
                .as(err.toString())
                .isZero();
    }

    @Test
    void a_watch_ends_when_nobody_reads() throws Exception {
        Writer closed = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Terminal terminal =
                new Terminal(new PrintWriter(closed), new PrintWriter(err), Map.<String, String>of()::get, false);
        AtomicInteger looks = new AtomicInteger();
        JsonNode one = Json.mapper().readTree("[{\"pipeline\": \"shop\"}]");
        new StatusWatch(terminal, new Paint(false), true)
                .run(
                        () -> {
                            looks.incrementAndGet();
                            return one;
                        },
                        Duration.ofMillis(1));
        assertThat(looks).hasValue(1);
    }

    @Test
    void a_server_that_cannot_be_is_told_before_a_source_is_asked() throws Exception {
        TlsConfig tls = Certificates.make(directory, "EC");
        Files.delete(tls.certificate());
        String file = config("port: 0, " + keys(tls)).toString();
        assertThat(run(Map.of(), "run", "--once", "--config", file)).isEqualTo(78);
        assertThat(err.toString())
                .contains("Cannot serve TLS", tls.certificate().toString())
                .doesNotContain("127.0.0.1:1");
        assertThat(directory.resolve("lake")).doesNotExist();
    }
}
