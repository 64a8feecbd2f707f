// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A REST catalog that wants to know who asks and gives each loader of a table keys of its own to the storage, which live until the test says otherwise;
 * and the rule of a storage that knows them. Thread-safe.
 */
public final class VendingCatalog extends HttpRelay {

    /** Who may ask. */
    public static final String TOKEN = "let-me-in";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> valid = ConcurrentHashMap.newKeySet();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();
    private final Duration life;
    private final Refresh refresh;
    private volatile boolean refusing;
    private volatile Instant lastEnd = Instant.MIN;

    /** How clients get new keys. */
    public enum Refresh {
        /** The catalog names a place where they can be asked for, without its host. */
        ENDPOINT,
        /** Only by loading the table again. */
        LOAD
    }

    /** {@code refresh} tells how long a life the keys are told to have, too. */
    public VendingCatalog(RestFixture target, Refresh refresh) throws IOException {
        super(target.uri());
        // Both are less than the five minutes for which clients do not rely on keys any more.
        this.life = refresh == Refresh.ENDPOINT ? Duration.ofMillis(500) : Duration.ofMinutes(1);
        this.refresh = refresh;
    }

    /** Whether from now on nobody gets new keys, as when the role that gives them was taken away. */
    public void refuse(boolean now) {
        refusing = now;
    }

    /** How often new keys were asked for at the place for them. */
    public int renewals() {
        return renewals.get();
    }

    /** How often nobody got any. */
    public int refusals() {
        return refusals.get();
    }

    /** Waits until those who have keys know that they ended, and has the storage refuse them. */
    public void outlive() {
        if (refresh == Refresh.ENDPOINT) {
            Awaitility.await().until(() -> Instant.now().isAfter(lastEnd));
        }
        valid.clear();
    }

    /** What the storage says to a request. */
    public Optional<S3Gate.Refusal> check(S3Gate.Request request) {
        return valid.contains(request.token()) ? Optional.empty() : Optional.of(S3Gate.Refusal.EXPIRED);
    }

    @Override
    protected void handle(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean asks = path.endsWith("/credentials");
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            fail(exchange, 401, "NotAuthorizedException", "Who are you?");
        } else if (refusing && (asks || isLoad(exchange.getRequestMethod(), path))) {
            refusals.incrementAndGet();
            fail(exchange, 403, "ForbiddenException", "No keys for you");
        } else if (asks) {
            renewals.incrementAndGet();
            ObjectNode answer = JSON.createObjectNode();
            ObjectNode one = answer.putArray("storage-credentials").addObject().put("prefix", "s3");
            keys().forEach(one.putObject("config")::put);
            answer(exchange, 200, JSON.writeValueAsBytes(answer));
        } else {
            relay(exchange, body, path);
        }
    }

    private static boolean isLoad(String method, String path) {
        return method.equals("GET") && path.contains("/tables/");
    }

    private void relay(HttpExchange exchange, byte[] body, String path) throws IOException {
        HttpResponse<byte[]> reply = forward(exchange, body);
        byte[] answer = reply.body();
        String method = exchange.getRequestMethod();
        boolean hasTable = isLoad(method, path) || (method.equals("POST") && path.endsWith("/tables"));
        if (reply.statusCode() == 200 && hasTable && isAsked(exchange)) {
            ObjectNode table = (ObjectNode) JSON.readTree(answer);
            ObjectNode config = table.withObjectProperty("config");
            keys().forEach(config::put);
            if (refresh == Refresh.ENDPOINT) {
                String name = method.equals("GET")
                        ? path
                        : path + "/" + JSON.readTree(body).get("name").asText();
                config.put("client.refresh-credentials-endpoint", name + "/credentials");
            }
            answer = JSON.writeValueAsBytes(table);
        }
        answer(exchange, reply.statusCode(), answer);
    }

    private static boolean isAsked(HttpExchange exchange) {
        return "vended-credentials".equals(exchange.getRequestHeaders().getFirst("X-Iceberg-Access-Delegation"));
    }

    private Map<String, String> keys() {
        String token = "token-" + given.incrementAndGet();
        Instant end = Instant.now().plus(life);
        lastEnd = end;
        valid.add(token);
        Map<String, String> keys = new TreeMap<>();
        keys.put("s3.access-key-id", S3Server.ACCESS_KEY);
        keys.put("s3.secret-access-key", S3Server.SECRET_KEY);
        keys.put("s3.session-token", token);
        keys.put("s3.session-token-expires-at-ms", Long.toString(end.toEpochMilli()));
        return keys;
    }
}
