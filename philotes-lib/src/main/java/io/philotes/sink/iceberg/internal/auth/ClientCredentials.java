// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.auth.OAuth2Util;
import org.apache.iceberg.rest.responses.OAuthTokenResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens for an id and a secret, by OAuth2's client credentials grant. A token is used for at most {@link #LONGEST}, and not in
 * the last tenth of its life: so one that was revoked, or whose secret was rotated, is soon replaced. While no new one is to be
 * had the old one is used as long as it lives, and nobody waits for the new one who has it. Thread-safe.
 */
public final class ClientCredentials implements Tokens {

    /** For how long a token is used though it lives longer. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** While the old one lives, asking again waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ClientCredentials.class);

    private final String clientId;
    private final Supplier<String> secret;
    private final String scope;
    private final String uri;
    private final Clock clock;
    private final ReentrantLock renewing = new ReentrantLock();

    /** Written under {@link #renewing}. */
    private volatile Held held = new Held(null, Instant.MIN, Instant.MIN);

    private record Held(String token, Instant fetchAt, Instant end) {}

    /**
     * @param secret asked for with each new token: it may be another one then
     * @param uri where tokens are to be had; absolute, or of the catalog
     */
    public ClientCredentials(String clientId, Supplier<String> secret, String scope, String uri, Clock clock) {
        this.clientId = clientId;
        this.secret = secret;
        this.scope = scope;
        this.uri = uri;
        this.clock = clock;
    }

    @Override
    public String now(RESTClient client) {
        Held held = this.held;
        Instant now = clock.instant();
        if (now.isBefore(held.fetchAt())) {
            return held.token();
        }
        if (!now.isBefore(held.end())) {
            renewing.lock();
        } else if (!renewing.tryLock()) {
            return held.token(); // Somebody asks already, and this one lives.
        }
        try {
            return clock.instant().isBefore(this.held.fetchAt()) ? this.held.token() : renew(client, this.held);
        } finally {
            renewing.unlock();
        }
    }

    private String renew(RESTClient client, Held old) {
        try {
            String credential = clientId + ":" + secret.get();
            OAuthTokenResponse got = OAuth2Util.fetchToken(client, Map.of(), credential, scope, uri, Map.of());
            Duration life = got.expiresInSeconds() == null ? LONGEST : Duration.ofSeconds(got.expiresInSeconds());
            Duration use = life.multipliedBy(9).dividedBy(10);
            Instant now = clock.instant();
            held = new Held(got.token(), now.plus(use.compareTo(LONGEST) < 0 ? use : LONGEST), now.plus(life));
        } catch (RuntimeException e) {
            Instant now = clock.instant();
            if (!now.isBefore(old.end())) {
                throw new NotAuthorizedException(e, "No token from %s: %s", uri, e.getMessage());
            }
            held = new Held(old.token(), earlier(now.plus(PATIENCE), old.end()), old.end());
            LOG.warn("No new token from {}, the old one is used until {}: {}", uri, old.end(), e.toString());
        }
        return held.token();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
