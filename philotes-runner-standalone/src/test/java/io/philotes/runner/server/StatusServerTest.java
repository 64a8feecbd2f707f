// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusServerTest {

    private final List<PipelineStatus> statuses = new CopyOnWriteArrayList<>();
    private StatusServer server;

    @BeforeEach
    void start() {
        server = StatusServer.start("127.0.0.1", 0, List.of("shop"), () -> statuses, () -> "philotes_x 1\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static PipelineStatus status(PipelineState state, boolean stalled) {
        Lsn lsn = Lsn.parse("0/10");
        return new PipelineStatus(
                "shop",
                state,
                state == PipelineState.FAILED
                        ? Optional.of(new PhilotesException(ErrorCode.SLOT_LOST, "Cannot go on: the slot is gone"))
                        : Optional.empty(),
                new PipelineStatus.Positions(lsn, lsn, lsn, lsn, lsn),
                7,
                Duration.ofMillis(1500),
                10,
                100,
                42,
                3,
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                stalled,
                Optional.empty(),
                List.of(new TableStatus(
                        new TableId("public", "orders"), TableState.STREAMING, lsn, 1, 2, 3, Optional.empty(), "")));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(path).body());
    }

    @Test
    void it_lives_as_long_as_it_answers() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void it_is_not_ready_before_every_pipeline_was_started() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(json("/health/ready").at("/pipelines/shop").asText()).isEqualTo("CREATED");
    }

    @ParameterizedTest
    @EnumSource(
            value = PipelineState.class,
            names = {"COPYING", "RUNNING", "STANDBY", "PAUSED"})
    void it_is_ready_while_pipelines_work_or_wait(PipelineState state) throws Exception {
        statuses.add(status(state, false));
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = PipelineState.class,
            names = {"CREATED", "STARTING", "STOPPING", "STOPPED", "FAILED"})
    void it_is_not_ready_otherwise(PipelineState state) throws Exception {
        statuses.add(status(state, false));
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void a_stalled_pipeline_is_not_ready() throws Exception {
        statuses.add(status(PipelineState.RUNNING, true));
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(json("/health/ready").at("/pipelines/shop").asText()).isEqualTo("RUNNING (stalled)");
    }

    @Test
    void a_status_is_shown_as_json() throws Exception {
        statuses.add(status(PipelineState.RUNNING, false));
        JsonNode shop = json("/api/v1/pipelines/shop/status");
        assertThat(shop.path("state").asText()).isEqualTo("RUNNING");
        assertThat(shop.path("lagMillis").asLong()).isEqualTo(1500);
        assertThat(shop.path("changesReceived").asLong()).isEqualTo(42);
        assertThat(shop.at("/positions/covered").asText()).isEqualTo("0/10");
        assertThat(shop.at("/tables/0/table").asText()).isEqualTo("public.orders");
        assertThat(shop.at("/tables/0/reason").isNull()).isTrue();
        assertThat(json("/api/v1/pipelines").at("/items/0/pipeline").asText()).isEqualTo("shop");
    }

    @Test
    void a_failure_is_shown_with_its_hint() throws Exception {
        statuses.add(status(PipelineState.FAILED, false));
        JsonNode failure = json("/api/v1/pipelines/shop/status").path("failure");
        assertThat(failure.path("code").asText()).isEqualTo("PHI-1010");
        assertThat(failure.path("hint").asText()).isEqualTo(ErrorCode.SLOT_LOST.hint());
    }

    @Test
    void metrics_are_served_as_prometheus_reads_them() throws Exception {
        HttpResponse<String> response = get("/metrics");
        assertThat(response.body()).isEqualTo("philotes_x 1\n");
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    }

    @Test
    void what_is_not_there_is_a_problem() throws Exception {
        for (String path : List.of("/api/v1/pipelines/other/status", "/nothing")) {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(json(path).path("status").asInt()).isEqualTo(404);
            assertThat(json(path).path("instance").asText()).isEqualTo(path);
        }
    }

    @Test
    void a_port_that_is_taken_is_said() {
        assertThatThrownBy(() -> StatusServer.start("127.0.0.1", server.port(), List.of(), () -> statuses, () -> ""))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("Cannot listen on 127.0.0.1:" + server.port());
    }
}
