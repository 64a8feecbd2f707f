// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.config.ApiKeyConfig;
import io.philotes.config.ApiRole;
import io.philotes.config.Secret;
import io.philotes.config.ServerAuthConfig;
import io.philotes.config.ServerConfig;
import io.philotes.error.PhilotesException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is answered, and what a stranger can do. */
class GuardTest {

    private static final String VIEWER = ApiKeys.random();
    private static final String OPERATOR = ApiKeys.random();

    private static StatusServer open;
    private static StatusServer keyed;
    private static Contract contract;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        OnePipeline pipelines = new OnePipeline("shop", Optional::empty);
        ServerAuthConfig keys = new ServerAuthConfig(Map.of(
                "grafana",
                new ApiKeyConfig(ApiRole.VIEWER, Optional.of(ApiKeys.hash(VIEWER)), null),
                "dana",
                new ApiKeyConfig(ApiRole.OPERATOR, null, Optional.of(Secret.of(OPERATOR)))));
        open = TestServer.start(0, pipelines, () -> "");
        keyed = TestServer.start(new ServerConfig(true, "0.0.0.0", 0, null, keys), pipelines, () -> "");
        contract = Contract.read();
    }

    @AfterAll
    static void stop() {
        open.close();
        keyed.close();
    }

    private HttpResponse<byte[]> ask(StatusServer server, String operation, String key) throws Exception {
        String[] parts = operation.split(" ");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + filled(parts[1])));
        if (parts[0].equals("POST")) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString("{\"no\":1}"));
        }
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String filled(String path) {
        return path.replace("{id}", "shop").replaceAll("\\{.*?}", "1");
    }

    @Test
    void without_a_key_only_what_everybody_may_know_is_told() throws Exception {
        for (Route route : keyed.routes()) {
            String operation = route.method() + " " + route.path();
            for (String key : new String[] {null, "phk_wrong", VIEWER.substring(1), VIEWER + "x", ""}) {
                HttpResponse<byte[]> response = ask(keyed, operation, key);
                contract.hold(operation, response);
                if (route.role().isPresent()) {
                    assertThat(response.statusCode()).as(operation).isEqualTo(401);
                    assertThat(response.headers().firstValue("www-authenticate"))
                            .contains("Bearer");
                } else {
                    assertThat(response.statusCode()).as(operation).isEqualTo(200);
                    assertThat(new String(response.body(), StandardCharsets.UTF_8))
                            .doesNotContain("shop");
                }
            }
        }
    }

    @Test
    void each_key_may_do_what_its_role_may() throws Exception {
        for (Route route : keyed.routes()) {
            String operation = route.method() + " " + route.path();
            boolean forOperators = route.role().equals(Optional.of(ApiRole.OPERATOR));
            HttpResponse<byte[]> asViewer = ask(keyed, operation, VIEWER);
            if (forOperators) {
                contract.hold(operation, asViewer);
                assertThat(asViewer.statusCode()).as(operation).isEqualTo(403);
                assertThat(new String(asViewer.body(), StandardCharsets.UTF_8)).contains("'grafana'", "operator");
            } else {
                assertThat(asViewer.statusCode()).as(operation).isNotIn(401, 403);
            }
            assertThat(ask(keyed, operation, OPERATOR).statusCode())
                    .as(operation)
                    .isNotIn(401, 403, 500);
        }
    }

    @Test
    void a_key_that_can_be_guessed_is_refused() {
        ServerAuthConfig weak = new ServerAuthConfig(
                Map.of("weak", new ApiKeyConfig(ApiRole.VIEWER, null, Optional.of(Secret.of("0123456789")))));
        ServerConfig config = new ServerConfig(true, null, 0, null, weak);
        assertThatThrownBy(() -> TestServer.start(config, new OnePipeline("shop", Optional::empty), () -> ""))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("weak")
                .hasMessageContaining("32")
                .hasMessageNotContaining("0123456789");
    }

    private static String raw(StatusServer server, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static String get(String path, String host) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    @Test
    void without_keys_only_this_machines_own_names_are_answered() throws Exception {
        for (Route route : open.routes()) {
            if (!route.isOrder()) {
                assertThat(raw(open, get(filled(route.path()), "evil.example:8484")))
                        .as(route.path())
                        .startsWith("HTTP/1.1 403 ")
                        .contains("application/problem+json");
            }
        }
        assertThat(raw(open, get("/health/live", "localhost:1"))).startsWith("HTTP/1.1 200 ");
        assertThat(raw(open, get("/health/live", "[::1]"))).startsWith("HTTP/1.1 200 ");
        assertThat(raw(keyed, get("/health/live", "philotes.example")))
                .as("a key cannot be had by a page")
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void no_page_is_answered_and_nothing_says_that_one_may() throws Exception {
        String preflight = "OPTIONS /api/v1/pipelines HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                + "Access-Control-Request-Method: GET\r\nConnection: close\r\n\r\n";
        assertThat(raw(open, preflight)).startsWith("HTTP/1.1 405 ").doesNotContainIgnoringCase("access-control");
        String page = get("/api/v1/pipelines", "localhost").replace("Connection", "Origin: null\r\nConnection");
        assertThat(raw(open, page)).startsWith("HTTP/1.1 403 ").doesNotContain("shop");
    }

    @Test
    void other_methods_are_refused_and_the_possible_ones_named() throws Exception {
        assertThat(raw(open, get("/api/v1/pipelines", "localhost").replace("GET", "DELETE")))
                .startsWith("HTTP/1.1 405 ")
                .contains("application/problem+json")
                .containsPattern("(?i)allow: .*GET");
        assertThat(raw(open, get("/api/v1/pipelines/shop/pause", "localhost")))
                .startsWith("HTTP/1.1 405 ")
                .containsPattern("(?i)allow: .*POST");
    }

    @Test
    void head_tells_what_get_would_without_the_body() throws Exception {
        String head = raw(open, get("/api/v1/pipelines", "localhost").replace("GET", "HEAD"));
        assertThat(head)
                .startsWith("HTTP/1.1 200 ")
                .contains("application/json")
                .endsWith("\r\n\r\n");
        assertThat(raw(open, get("/api/v1/pipelines/none", "localhost").replace("GET", "HEAD")))
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void an_order_without_a_body_is_told_what_it_lacks() throws Exception {
        String order = get("/api/v1/pipelines/shop/pause", "localhost").replace("GET", "POST");
        assertThat(raw(open, order)).startsWith("HTTP/1.1 415 ").contains("application/json", "also without a body");
    }

    @Test
    void what_is_not_http_is_a_problem_too() throws Exception {
        assertThat(raw(open, "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("<html");
        assertThat(raw(open, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        String longHeader = get("/", "localhost").replace("Connection", "X: " + "x".repeat(20_000) + "\r\nConnection");
        assertThat(raw(open, longHeader)).startsWith("HTTP/1.1 431 ");
    }

    private static String post(String framing, String body) {
        return "POST /api/v1/pipelines/shop/resync HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + framing + "\r\nConnection: close\r\n\r\n" + body;
    }

    @Test
    void a_body_without_end_is_not_read() throws Exception {
        String large = "{\"tables\": [\"" + "x".repeat(70_000) + "\"]}";
        assertThat(raw(open, post("Content-Length: " + large.length(), large))).startsWith("HTTP/1.1 413 ");
        String chunked = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
        assertThat(raw(open, post("Transfer-Encoding: chunked", chunked)))
                .as("whose length is not told")
                .startsWith("HTTP/1.1 413 ");
        String deep = "[".repeat(30_000);
        assertThat(raw(open, post("Content-Length: " + deep.length(), deep))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void slow_clients_hold_nobody_up() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket("127.0.0.1", open.port());
                String begun = i % 2 == 0 ? "GET /health/live HT" : post("Content-Length: 60000", "{");
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + open.port() + "/health/live"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            StatusServer another = TestServer.start(0, new OnePipeline("shop", Optional::empty), () -> "");
            try (Socket begun = new Socket("127.0.0.1", another.port())) {
                begun.getOutputStream().write(post("Content-Length: 60000", "{").getBytes(StandardCharsets.US_ASCII));
                another.close();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
