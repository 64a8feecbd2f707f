// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import com.sun.net.httpserver.HttpExchange;
import io.philotes.testkit.HttpRelay;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A REST catalog that wants to know who asks, and the server that gives out tokens for that. Tokens are told to live for a
 * second, and are good until the test says otherwise. Thread-safe.
 */
final class SignInRelay extends HttpRelay {

    static final String CLIENT = "philotes";
    static final String TOKENS = "/v1/oauth/tokens";

    private final Set<String> valid = ConcurrentHashMap.newKeySet();
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String secret;

    SignInRelay(String target, String secret) throws IOException {
        super(target);
        this.secret = secret;
    }

    /** From now on tokens are given for another secret, and those given before are worth nothing. */
    void rotate(String newSecret) {
        secret = newSecret;
        revoke();
    }

    void revoke() {
        valid.clear();
    }

    void accept(String token) {
        valid.add(token);
    }

    /** How many tokens were given out. */
    int given() {
        return given.get();
    }

    /** How many requests came without a good token. */
    int refused() {
        return refused.get();
    }

    @Override
    protected void handle(HttpExchange exchange, byte[] body) throws IOException {
        if (exchange.getRequestURI().getPath().equals(TOKENS)) {
            give(exchange, form(body));
            return;
        }
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith("Bearer ") || !valid.contains(header.substring(7))) {
            refused.incrementAndGet();
            fail(exchange, 401, "NotAuthorizedException", "Who are you?");
        } else {
            HttpResponse<byte[]> reply = forward(exchange, body);
            answer(exchange, reply.statusCode(), reply.body());
        }
    }

    private void give(HttpExchange exchange, Map<String, String> form) throws IOException {
        boolean known = "client_credentials".equals(form.get("grant_type"))
                && CLIENT.equals(form.get("client_id"))
                && secret.equals(form.get("client_secret"))
                && "PRINCIPAL_ROLE:ALL".equals(form.get("scope"));
        if (!known) {
            answer(exchange, 401, json("{'error':'invalid_client','error_description':'unknown'}"));
            return;
        }
        String token = "token-" + given.incrementAndGet();
        valid.add(token);
        answer(exchange, 200, json("{'access_token':'" + token + "','token_type':'bearer','expires_in':1}"));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> form(byte[] body) {
        return Stream.of(new String(body, StandardCharsets.UTF_8).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }
}
