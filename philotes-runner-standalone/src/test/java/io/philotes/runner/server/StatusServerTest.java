// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.SinkStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.source.SchemaTracking;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusServerTest {

    private final List<PipelineStatus> statuses = new CopyOnWriteArrayList<>();
    private final Map<TableId, Long> copies = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<PhilotesException> refusal = new AtomicReference<>();
    private StatusServer server;

    private final RunningPipelines pipelines = new RunningPipelines() {
        @Override
        public List<PipelineStatus> statuses() {
            return statuses;
        }

        @Override
        public Map<TableId, Long> copies(String pipeline) {
            return Map.copyOf(copies);
        }

        @Override
        public void resync(String pipeline, Collection<TableId> tables) {
            Optional.ofNullable(refusal.get()).ifPresent(failure -> {
                throw failure;
            });
            asked.add(pipeline + tables);
        }

        @Override
        public Optional<DeadLetterRequests> deadLetters(String pipeline) {
            return Optional.empty();
        }

        @Override
        public VerifyReport verify(String pipeline, VerifyRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start(String pipeline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop(String pipeline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pause(String pipeline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resume(String pipeline) {
            asked.add("resume " + pipeline);
        }
    };

    @BeforeEach
    void start() {
        server = TestServer.start(0, pipelines, () -> "philotes_x 1\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static PipelineStatus status(PipelineState state, TableId table, TableState tableState, String reason) {
        PipelineStatus plain = status(state, false);
        Lsn lsn = Lsn.parse("0/10");
        return new PipelineStatus(
                plain.pipeline(),
                plain.state(),
                plain.failure(),
                plain.positions(),
                plain.lagBytes(),
                plain.lagTime(),
                plain.bufferBytes(),
                plain.bufferLimitBytes(),
                plain.changesReceived(),
                plain.commits(),
                plain.lastCommit(),
                plain.stalled(),
                Optional.of(SchemaTracking.INFERRED),
                List.of(sink(List.of(new TableStatus(table, tableState, lsn, 1, 2, 3, Optional.empty(), reason)))));
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
                List.of(sink(List.of(new TableStatus(
                        new TableId("public", "orders"), TableState.STREAMING, lsn, 1, 2, 3, Optional.empty(), "")))));
    }

    private static SinkStatus sink(List<TableStatus> tables) {
        return new SinkStatus(
                "sink",
                SinkState.RUNNING,
                Optional.empty(),
                Lsn.parse("0/10"),
                7,
                Duration.ofMillis(1500),
                3,
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                false,
                tables);
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
        statuses.add(status(PipelineState.CREATED, false));
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
    void what_is_tried_again_is_shown_with_its_beginning() throws Exception {
        PhilotesException away = new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot connect: no answer");
        Instant since = Instant.parse("2026-01-01T00:00:00.123Z");
        statuses.add(trying(new Retry(Retry.Stage.READ, Optional.empty(), since, 3, away)));
        statuses.add(trying(new Retry(Retry.Stage.WRITE, Optional.of("lake"), since, 1, away)));
        JsonNode items = json("/api/v1/pipelines").path("items");
        JsonNode read = items.at("/0/retries/0");
        assertThat(read.path("stage").asText()).isEqualTo("read");
        assertThat(read.path("sink").isNull()).isTrue();
        assertThat(read.path("since").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(read.path("failures").asLong()).isEqualTo(3);
        assertThat(read.at("/failure/code").asText()).isEqualTo("PHI-1002");
        assertThat(items.at("/1/retries/0/sink").asText()).isEqualTo("lake");
    }

    private static PipelineStatus trying(Retry retry) {
        PipelineStatus plain = status(PipelineState.RUNNING, false);
        return new PipelineStatus(
                plain.pipeline(),
                plain.state(),
                Optional.of(retry.last()),
                plain.positions(),
                plain.lagBytes(),
                plain.lagTime(),
                plain.bufferBytes(),
                plain.bufferLimitBytes(),
                plain.changesReceived(),
                plain.commits(),
                plain.lastCommit(),
                plain.stalled(),
                plain.schemaTracking(),
                plain.source(),
                List.of(retry),
                plain.sinks());
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

    @ParameterizedTest
    @EnumSource(
            value = PipelineState.class,
            names = {"STARTING", "STANDBY", "RUNNING", "PAUSED"})
    void an_order_to_go_on_reaches_one_that_is_between_two_sessions(PipelineState state) throws Exception {
        statuses.add(status(state, false));
        assertThat(order("resume", "{}").statusCode()).isEqualTo(202);
        assertThat(order("start", "{}").statusCode()).isEqualTo(202);
        assertThat(asked).containsExactly("resume shop", "resume shop");
    }

    private HttpResponse<String> resync(String body, String... headers) throws IOException, InterruptedException {
        return order("resync", body, headers);
    }

    private HttpResponse<String> order(String verb, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/pipelines/shop/" + verb))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return HttpClient.newHttpClient()
                .send(
                        (headers.length == 0
                                        ? request.header("Content-Type", "application/json")
                                        : request.headers(headers))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tables_are_copied_again_when_asked_for() throws Exception {
        statuses.add(status(PipelineState.RUNNING, false));
        copies.put(new TableId("public", "orders"), 2L);
        HttpResponse<String> response = resync("{\"tables\": [\"public.orders\", \"\\\"odd.one\\\".t\"]}");
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body())
                .isEqualTo("{\"pipeline\":\"shop\",\"tables\":[{\"table\":\"public.orders\",\"copies\":2},"
                        + "{\"table\":\"odd.one.t\",\"copies\":0}]}");
        assertThat(asked).containsExactly("shop[public.orders, odd.one.t]");
        assertThat(json("/api/v1/pipelines/shop/status").at("/tables/0/copies").asInt())
                .isEqualTo(2);
    }

    @Test
    void no_table_stands_for_all() throws Exception {
        statuses.add(status(PipelineState.RUNNING, false));
        assertThat(resync("{}").body()).contains("public.orders");
        assertThat(resync("").statusCode()).isEqualTo(202);
        assertThat(asked).containsExactly("shop[]", "shop[]");
    }

    private static PipelineStatus withoutTables(PipelineState state) {
        PipelineStatus plain = status(state, false);
        return new PipelineStatus(
                plain.pipeline(),
                plain.state(),
                plain.failure(),
                plain.positions(),
                plain.lagBytes(),
                plain.lagTime(),
                plain.bufferBytes(),
                plain.bufferLimitBytes(),
                plain.changesReceived(),
                plain.commits(),
                plain.lastCommit(),
                plain.stalled(),
                plain.schemaTracking(),
                List.of(sink(List.of())));
    }

    @ParameterizedTest
    @EnumSource(
            value = PipelineState.class,
            names = {"STARTING", "STANDBY"})
    void all_of_no_known_table_is_no_order(PipelineState state) throws Exception {
        statuses.add(withoutTables(state));
        HttpResponse<String> response = resync("{}");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(new ObjectMapper().readTree(response.body()).path("hint").asText())
                .isNotEmpty();
        assertThat(asked).isEmpty();
        assertThat(resync("{\"tables\": [\"public.orders\"]}").statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "7",
                "{\"table\": [\"a.b\"]}",
                "{\"tables\": \"a.b\"}",
                "{\"tables\": [7]}",
                "{\"tables\": [\"a.b.c\"]}"
            })
    void a_body_that_makes_no_sense_is_a_problem(String body) throws Exception {
        statuses.add(status(PipelineState.RUNNING, false));
        assertThat(resync(body).statusCode()).isEqualTo(400);
        assertThat(asked).isEmpty();
    }

    @Test
    void web_pages_give_no_orders() throws Exception {
        statuses.add(status(PipelineState.RUNNING, false));
        assertThat(resync("{}", "Content-Type", "application/json", "Origin", "http://127.0.0.1:8484")
                        .statusCode())
                .isEqualTo(403);
        assertThat(resync("{}", "Content-Type", "text/plain").statusCode()).isEqualTo(415);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_pipeline_or_table_that_is_not_there_is_a_problem_with_a_guess() throws Exception {
        statuses.add(status(PipelineState.RUNNING, false));
        refusal.set(new PhilotesException(ErrorCode.TABLE_MISSING, "Cannot copy a table again: there is none")
                .inTable(new TableId("public", "order")));
        HttpResponse<String> response = resync("{\"tables\": [\"public.order\"]}");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(response.body());
        assertThat(problem.path("code").asText()).isEqualTo("PHI-1007");
        assertThat(problem.path("detail").asText()).contains("did you mean 'public.orders'?");
        assertThat(json("/api/v1/pipelines/shp/status").path("detail").asText()).contains("did you mean 'shop'?");
    }

    @Test
    void a_pipeline_at_its_end_copies_nothing() throws Exception {
        statuses.add(status(PipelineState.STOPPED, false));
        refusal.set(
                new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot copy tables again: the pipeline is at its end"));
        assertThat(resync("{}").statusCode()).isEqualTo(409);
    }

    @Test
    void a_table_that_needs_a_person_comes_with_the_command() throws Exception {
        statuses.add(status(
                PipelineState.RUNNING, new TableId("public", "orders"), TableState.DIVERGED, "column a changed"));
        statuses.add(status(PipelineState.RUNNING, new TableId("Odd", "it's"), TableState.HELD, "a value"));
        assertThat(json("/api/v1/pipelines").at("/items/0/tables/0/hint").asText())
                .isEqualTo("philotes resync shop public.orders");
        assertThat(json("/api/v1/pipelines").at("/items/1/tables/0/hint").asText())
                .isEqualTo("mend the cause, then: philotes resync shop '\"Odd\".\"it'\\''s\"'");
        assertThat(json("/api/v1/pipelines").at("/items/0/schemaTracking").asText())
                .isEqualTo("inferred");
    }

    @Test
    void a_port_that_is_taken_is_said() {
        assertThatThrownBy(() -> TestServer.start(server.port(), pipelines, () -> ""))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("Cannot listen on 127.0.0.1:" + server.port());
    }
}
