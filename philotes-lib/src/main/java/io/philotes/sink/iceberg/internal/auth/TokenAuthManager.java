// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.auth;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.HTTPHeaders;
import org.apache.iceberg.rest.HTTPRequest;
import org.apache.iceberg.rest.ImmutableHTTPRequest;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.auth.AuthManager;
import org.apache.iceberg.rest.auth.AuthProperties;
import org.apache.iceberg.rest.auth.AuthSession;

/**
 * Adds the token of the moment to each request. Iceberg makes it by its name, for the catalog and again for each storage whose
 * keys the catalog renews, and hands over texts only; so tokens stand in a table of the process, under a name that is a text.
 * Thread-safe.
 */
public final class TokenAuthManager implements AuthManager {

    private static final String TOKENS = "philotes.tokens";

    /** Of a table that has a token of its own. */
    private static final String TOKEN = "token";

    private static final Map<String, Tokens> KNOWN = new ConcurrentHashMap<>();

    /** As Iceberg makes it. */
    public TokenAuthManager(String name) {}

    /** The properties of a catalog that signs in with them, from now on and until {@link #forget}. */
    public static Map<String, String> properties(Tokens tokens) {
        String name = UUID.randomUUID().toString();
        KNOWN.put(name, tokens);
        return Map.of(AuthProperties.AUTH_TYPE, TokenAuthManager.class.getName(), TOKENS, name);
    }

    /** A catalog with these properties is closed. */
    public static void forget(Map<String, String> properties) {
        KNOWN.remove(properties.getOrDefault(TOKENS, ""));
    }

    @Override
    public AuthSession catalogSession(RESTClient sharedClient, Map<String, String> properties) {
        Tokens tokens = KNOWN.get(properties.get(TOKENS));
        if (tokens == null) {
            throw new IllegalStateException("the catalog was closed");
        }
        RESTClient unsigned = sharedClient.withAuthSession(AuthSession.EMPTY);
        return new Session(() -> tokens.now(unsigned));
    }

    @Override
    public AuthSession tableSession(TableIdentifier table, Map<String, String> properties, AuthSession parent) {
        String token = properties.get(TOKEN);
        return token == null ? parent : new Session(() -> token);
    }

    @Override
    public void close() {}

    private interface Token {
        String now();
    }

    private record Session(Token token) implements AuthSession {

        @Override
        public HTTPRequest authenticate(HTTPRequest request) {
            HTTPHeaders header = HTTPHeaders.of(Map.of("Authorization", "Bearer " + token.now()));
            return ImmutableHTTPRequest.builder()
                    .from(request)
                    .headers(request.headers().putIfAbsent(header))
                    .build();
        }

        @Override
        public void close() {}
    }
}
