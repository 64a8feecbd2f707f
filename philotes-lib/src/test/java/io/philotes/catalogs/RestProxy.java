// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between the sink and a REST catalog; on command it spoils the next commit of rows. Thread-safe. */
final class RestProxy implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String target;
    private final AtomicReference<CommitFault> next = new AtomicReference<>();

    RestProxy(String target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void spoilNext(CommitFault fault) {
        next.set(fault);
    }

    boolean isSpoilt() {
        return next.get() == null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            CommitFault fault = isCommit(exchange, body) ? next.getAndSet(null) : null;
            HttpResponse<byte[]> reply = fault == null || fault.forwarded() ? forward(exchange, body) : null;
            if (fault == null) {
                answer(exchange, reply.statusCode(), reply.body());
            } else if (fault.status() != 0) {
                if (fault.retryAfter()) {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                }
                answer(exchange, fault.status(), error(fault));
            }
        }
    }

    private static boolean isCommit(HttpExchange exchange, byte[] body) {
        return exchange.getRequestMethod().equals("POST")
                && new String(body, StandardCharsets.UTF_8).contains("\"add-snapshot\"");
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String header : new String[] {"Content-Type", "Accept"}) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static byte[] error(CommitFault fault) {
        String json = "{\"error\":{\"message\":\"" + fault + "\",\"type\":\"Test\",\"code\":" + fault.status() + "}}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
