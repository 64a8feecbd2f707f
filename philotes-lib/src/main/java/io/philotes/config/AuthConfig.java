// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * How to sign in at a REST catalog. Immutable.
 *
 * @param type default {@code bearer}
 * @param token for {@code bearer}: sent as it is
 * @param clientId for {@code oauth2}: who asks for tokens
 * @param clientSecret for {@code oauth2}; read again for each new token
 * @param scope for {@code oauth2}, default {@value #DEFAULT_SCOPE}
 * @param tokenUri for {@code oauth2}: where tokens are to be had, default the catalog's own {@code v1/oauth/tokens}
 */
public record AuthConfig(
        AuthType type,
        Optional<Secret> token,
        Optional<String> clientId,
        Optional<Secret> clientSecret,
        Optional<String> scope,
        Optional<String> tokenUri) {

    /** What catalogs expect that know no scopes. */
    public static final String DEFAULT_SCOPE = "catalog";

    public AuthConfig {
        type = type == null ? AuthType.BEARER : type;
        token = token == null ? Optional.empty() : token;
        clientId = clientId == null ? Optional.empty() : clientId;
        clientSecret = clientSecret == null ? Optional.empty() : clientSecret;
        scope = scope == null ? Optional.empty() : scope;
        tokenUri = tokenUri == null ? Optional.empty() : tokenUri;
        if (type == AuthType.BEARER) {
            checkBearer(
                    token.isPresent(),
                    clientId.isPresent() || clientSecret.isPresent() || scope.isPresent() || tokenUri.isPresent());
        } else {
            checkOAuth2(token.isPresent(), clientId, clientSecret.isPresent(), tokenUri);
        }
    }

    /** A token that is sent as it is. */
    public static AuthConfig bearer(Secret token) {
        return new AuthConfig(AuthType.BEARER, Optional.of(token), null, null, null, null);
    }

    private static void checkBearer(boolean hasToken, boolean hasOthers) {
        if (hasOthers) {
            throw new IllegalArgumentException(
                    "client-id, client-secret, scope and token-uri belong to type oauth2; this is type bearer");
        }
        if (!hasToken) {
            throw new IllegalArgumentException("type bearer needs a token");
        }
    }

    private static void checkOAuth2(
            boolean hasToken, Optional<String> clientId, boolean hasSecret, Optional<String> tokenUri) {
        if (hasToken) {
            throw new IllegalArgumentException("token belongs to type bearer; type oauth2 fetches its own");
        }
        if (clientId.isEmpty() || !hasSecret) {
            throw new IllegalArgumentException("type oauth2 needs client-id and client-secret");
        }
        if (clientId.get().contains(":")) {
            throw new IllegalArgumentException("client-id must not contain ':'");
        }
        if (tokenUri.isPresent() && !tokenUri.get().matches("https?://.+")) {
            throw new IllegalArgumentException("token-uri must begin with https:// or http://");
        }
        tokenUri.ifPresent(uri ->
                CatalogRules.checkAddress("token-uri", uri, "client-id and client-secret are the keys for signing in"));
    }
}
