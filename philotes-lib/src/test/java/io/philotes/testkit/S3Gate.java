// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands in front of an S3 server, which sees each request as it was signed, and turns away what its rule does not let
 * through. Thread-safe.
 */
public final class S3Gate implements AutoCloseable {

    static {
        // Else each answer waits for the acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Headers of one hop, which are not signed. */
    private static final Set<String> OF_THE_HOP = Set.of("connection", "expect", "keep-alive", "transfer-encoding");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final S3Server target;
    private final List<Request> refused = new CopyOnWriteArrayList<>();
    private volatile Rule rule = request -> Optional.empty();

    /** Why a request is not let through, if it is not. */
    @FunctionalInterface
    public interface Rule {
        Optional<Refusal> refuses(Request request);
    }

    /** What the rule is asked about; {@code token} is the session token, empty when there is none. */
    public record Request(String method, String target, String token) {}

    /** How a request is answered instead; status 0 breaks the connection. */
    public record Refusal(int status, String code) {

        public static final Refusal UNAVAILABLE = new Refusal(503, "SlowDown");
        public static final Refusal EXPIRED = new Refusal(400, "ExpiredToken");
        public static final Refusal BROKEN = new Refusal(0, "");
    }

    public S3Gate(S3Server target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public void rule(Rule now) {
        rule = now;
    }

    /** The requests that were turned away so far. */
    public List<Request> refused() {
        return refused;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String token = exchange.getRequestHeaders().getFirst("X-Amz-Security-Token");
            Request request = new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), token == null ? "" : token);
            Optional<Refusal> refusal = rule.refuses(request);
            if (refusal.isPresent()) {
                refused.add(request);
                refuse(exchange, refusal.get());
            } else {
                pass(exchange, body);
            }
        }
    }

    private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        if (refusal.status() == 0) {
            return;
        }
        byte[] xml = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + refusal.code()
                        + "</Code><Message>The test says so</Message><RequestId>1</RequestId></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(refusal.status(), head ? -1 : xml.length);
        if (!head) {
            exchange.getResponseBody().write(xml);
        }
    }

    /** By hand and in HTTP 1.0: the host is signed and must stay, and the end of the connection ends the answer. */
    private void pass(HttpExchange exchange, byte[] body) throws IOException {
        byte[] answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write(head(exchange, body.length).getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            answer = all(socket.getInputStream());
        } catch (IOException e) {
            return; // the server is away: the client sees its connection break
        }
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        String[] lines = text.substring(0, end).split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            String name = lines[i].substring(0, lines[i].indexOf(':'));
            if (!OF_THE_HOP.contains(name.toLowerCase(Locale.ROOT)) && !name.equalsIgnoreCase("content-length")) {
                exchange.getResponseHeaders()
                        .add(name, lines[i].substring(name.length() + 1).strip());
            }
        }
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        int length = answer.length - end - 4;
        if (exchange.getRequestMethod().equals("HEAD")) {
            contentLength(lines)
                    .ifPresent(value -> exchange.getResponseHeaders().set("Content-Length", value));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
            exchange.getResponseBody().write(answer, end + 4, length);
        }
    }

    private static Optional<String> contentLength(String[] lines) {
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Optional.of(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return Optional.empty();
    }

    private static String head(HttpExchange exchange, int length) {
        StringBuilder head = new StringBuilder(exchange.getRequestMethod())
                .append(' ')
                .append(exchange.getRequestURI())
                .append(" HTTP/1.0\r\n");
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            String name = header.getKey();
            if (!OF_THE_HOP.contains(name.toLowerCase(Locale.ROOT)) && !name.equalsIgnoreCase("content-length")) {
                header.getValue()
                        .forEach(value ->
                                head.append(name).append(": ").append(value).append("\r\n"));
            }
        }
        return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
    }

    private static byte[] all(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
