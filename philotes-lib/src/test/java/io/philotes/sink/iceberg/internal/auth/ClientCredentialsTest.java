// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.testkit.Gate;
import io.philotes.testkit.SettableClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.responses.OAuthTokenResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a token server is asked, and when it is left alone. */
class ClientCredentialsTest {

    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<Map<?, ?>> requests = new ArrayList<>();
    private final AtomicInteger secrets = new AtomicInteger();
    private final ClientCredentials tokens = new ClientCredentials(
            "id", () -> "secret" + secrets.incrementAndGet(), "lake", "https://tokens.example", clock);
    private final RESTClient server = (RESTClient) Proxy.newProxyInstance(
            RESTClient.class.getClassLoader(),
            new Class<?>[] {RESTClient.class},
            (proxy, method, arguments) -> answer((Map<?, ?>) arguments[1]));

    private Duration life = LIFE;
    private boolean down;
    private Gate gate;

    private OAuthTokenResponse answer(Map<?, ?> form) {
        requests.add(form);
        if (gate != null) {
            gate.stand();
        }
        if (down) {
            throw new ServiceUnavailableException("not now");
        }
        return OAuthTokenResponse.builder()
                .withToken("token" + requests.size())
                .withTokenType("Bearer")
                .setExpirationInSeconds((int) life.toSeconds())
                .build();
    }

    private String token() {
        return tokens.now(server);
    }

    @Test
    void a_token_is_used_for_five_minutes_though_it_lives_longer_and_the_secret_is_asked_for_anew() {
        assertThat(token()).isEqualTo("token1");
        clock.advance(ClientCredentials.LONGEST.minus(MOMENT));
        assertThat(token()).isEqualTo("token1");
        clock.advance(MOMENT);
        assertThat(token()).isEqualTo("token2");
        assertThat(requests)
                .extracting(form -> form.get("client_secret"))
                .as("one that was rotated counts")
                .isEqualTo(List.of("secret1", "secret2"));
    }

    @Test
    void in_the_last_tenth_of_its_life_it_is_not_used() {
        life = Duration.ofSeconds(100);
        assertThat(token()).isEqualTo("token1");
        clock.advance(Duration.ofSeconds(90).minus(MOMENT));
        assertThat(token()).isEqualTo("token1");
        clock.advance(MOMENT);
        assertThat(token()).isEqualTo("token2");
    }

    @Test
    void a_server_that_is_down_is_asked_once_in_ten_seconds_while_the_old_one_lives() {
        token();
        down = true;
        clock.advance(ClientCredentials.LONGEST);
        for (int asked = 2; asked < 12; asked++) {
            for (int i = 0; i < 100; i++) {
                assertThat(token()).isEqualTo("token1");
            }
            assertThat(requests).hasSize(asked);
            clock.advance(Duration.ofSeconds(10).minus(MOMENT));
            assertThat(token()).isEqualTo("token1");
            assertThat(requests).hasSize(asked);
            clock.advance(MOMENT);
        }
        down = false;
        assertThat(token()).isEqualTo("token12");
    }

    @Test
    void a_token_whose_life_is_over_is_given_to_nobody() {
        token();
        down = true;
        clock.advance(LIFE.minus(MOMENT));
        assertThat(token()).isEqualTo("token1");
        clock.advance(MOMENT);
        assertThatThrownBy(this::token)
                .isInstanceOf(NotAuthorizedException.class)
                .hasMessageContaining("tokens.example")
                .hasMessageNotContaining("secret");
        down = false;
        assertThat(token()).isEqualTo("token" + requests.size());
    }

    @Test
    void who_has_one_that_lives_does_not_wait_while_another_asks() throws Exception {
        token();
        clock.advance(ClientCredentials.LONGEST);
        gate = new Gate();
        CompletableFuture<String> asking = CompletableFuture.supplyAsync(this::token);
        gate.awaitArrival();
        try {
            assertThat(CompletableFuture.supplyAsync(this::token, task -> new Thread(task).start()))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo("token1");
        } finally {
            gate.open();
        }
        assertThat(asking.get()).isEqualTo("token2");
        assertThat(token()).isEqualTo("token2");
    }

    @Test
    @Timeout(60)
    void who_has_none_waits_for_the_one_that_another_asks_for() throws Exception {
        gate = new Gate();
        CompletableFuture<String> asking = CompletableFuture.supplyAsync(this::token);
        gate.awaitArrival();
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(CompletableFuture.supplyAsync(this::token, task -> new Thread(task).start()));
        }
        gate.open();
        assertThat(asking.get()).isEqualTo("token1");
        for (CompletableFuture<String> each : waiting) {
            assertThat(each.get()).isEqualTo("token1");
        }
        assertThat(requests).hasSize(1);
    }
}
