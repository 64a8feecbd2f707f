// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.server.Contract;
import io.philotes.runner.yaml.ConfigReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A running process answers every operation of the contract as the contract says, well and badly asked. */
class ContractRunTest extends CliServer {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String PIPELINES = "/api/v1/pipelines";
    private static final String PIPELINE = PIPELINES + "/{id}";
    private static final String LETTERS = PIPELINE + "/dead-letters";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> done = new HashSet<>();
    private Contract contract;
    private String base;

    private JsonNode ask(String operation, int status, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (body != null) {
            contract.holdRequest(operation, body);
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        contract.hold(operation, response);
        assertThat(response.statusCode())
                .as(operation + new String(response.body(), "UTF-8"))
                .isEqualTo(status);
        done.add(operation);
        boolean isJson =
                response.headers().firstValue("content-type").orElse("").contains("json");
        return isJson ? Json.mapper().readTree(response.body()) : null;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return ask("GET " + path, 200, filled(path), null);
    }

    private JsonNode post(int status, String path, String body) throws IOException, InterruptedException {
        return ask("POST " + path, status, filled(path), body);
    }

    private static String filled(String path) {
        return path.replace("{id}", "one").replace("{source}", "one");
    }

    private void await(String state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(get(PIPELINE).path("state").asText()).isEqualTo(state));
    }

    private void awaitOperation(JsonNode accepted) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            String path = accepted.path("operation").asText();
            assertThat(ask("GET /api/v1/operations/{operation}", 200, path, null)
                            .path("state")
                            .asText())
                    .isEqualTo("DONE");
        });
    }

    @Test
    void every_operation_answers_as_the_contract_says() throws Exception {
        contract = Contract.read();
        execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (id int PRIMARY KEY, d date)",
                "INSERT INTO t VALUES (1, '2026-01-01')");
        int port = CliLab.freePort();
        base = "http://127.0.0.1:" + port;
        String yaml = yaml(postgres().getPort(), "one", "[public.t]", """
                    on-error: { row: dead-letter }
                state: { directory: "%s" }
                server: { port: %d }
                """.formatted(state(), port));
        Path file = Files.writeString(directory.resolve("philotes.yaml"), yaml);
        try (RunnerProcess process = new RunnerProcess(new ConfigReader(name -> null).read(file), List.of("one"))) {
            process.serve();
            Thread runner = new Thread(() -> run(process));
            runner.start();
            await("RUNNING");
            whatEverybodyAsks();
            howItStands();
            whatIsSent();
            letters();
            compare();
            orders();
            badly();
        }
        assertThat(new TreeSet<>(contract.operations().keySet())).isEqualTo(new TreeSet<>(done));
    }

    private static void run(RunnerProcess process) {
        try {
            process.runUntilStopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void whatEverybodyAsks() throws Exception {
        get("/health/live");
        assertThat(get("/health/ready").at("/pipelines/one").asText()).isEqualTo("RUNNING");
        get("/health");
        get("/metrics");
        assertThat(get("/api/v1/info").path("authentication").asText()).isEqualTo("none");
        assertThat(get("/api/v1/errors").path("items").size()).isGreaterThan(40);
        get("/api/v1/openapi.yaml");
        assertThat(get("/api/v1/schema/config.json").at("/properties/pipelines").isObject())
                .isTrue();
    }

    private void howItStands() throws Exception {
        assertThat(get("/api/v1/pipelines").at("/items/0/pipeline").asText()).isEqualTo("one");
        assertThat(get(PIPELINE).path("desiredState").asText()).isEqualTo("RUNNING");
        get(PIPELINE + "/status");
        assertThat(get(PIPELINE + "/tables").at("/items/0/table/table").asText())
                .isEqualTo("public.t");
        assertThat(get(PIPELINE + "/wal").at("/slot/slot").asText()).isEqualTo("philotes_one");
        assertThat(get(PIPELINE + "/plan").at("/tables/0/action").asText()).isEqualTo("keep");
        JsonNode report = post(200, PIPELINE + "/check", "{}");
        assertThat(report.path("passed").asBoolean()).as(report.toString()).isTrue();
        assertThat(get("/api/v1/sources").at("/items/0/source").asText()).isEqualTo("one");
        get("/api/v1/sources/{source}");
        get("/api/v1/sources/{source}/setup-sql");
        assertThat(get("/api/v1/sources/{source}/tables").at("/items/0/table").asText())
                .isEqualTo("public.t");
        ask("GET /api/v1/sources/{source}/tables", 400, "/api/v1/sources/one/tables?limit=0", null);
        assertThat(post(200, "/api/v1/sources/{source}/test", "{}")
                        .path("passed")
                        .asBoolean())
                .isTrue();
    }

    /** What nobody runs, and what no configuration has. */
    private void whatIsSent() throws Exception {
        String valid = "{\"source\": \"one\", \"destination\": \"x\", \"tables\": [\"public.t\"]}";
        assertThat(post(200, PIPELINES + "/validate", valid)
                        .at("/faults/0/pointer")
                        .asText())
                .isEqualTo("/source");
        String yaml = Files.readString(directory.resolve("philotes.yaml"));
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(URI.create(base + PIPELINES + "/validate"))
                        .header("Content-Type", "application/yaml")
                        .POST(BodyPublishers.ofString(yaml))
                        .build(),
                BodyHandlers.ofByteArray());
        contract.hold("POST " + PIPELINES + "/validate", response);
        assertThat(new String(response.body(), "UTF-8")).contains("\"kind\":\"configuration\",\"valid\":true");
        String source = "{\"url\": \"jdbc:postgresql://localhost:%d/postgres\", \"username\": \"postgres\","
                + " \"password\": \"postgres\", \"ssl\": {\"mode\": \"disable\"}%s}";
        int port = postgres().getPort();
        JsonNode report = post(200, "/api/v1/sources/test", source.formatted(port, ""));
        assertThat(report.path("passed").asBoolean()).as(report.toString()).isTrue();
        assertThat(report.toString()).contains("philotes_test will be created", "wal_level");
        String kept = ", \"publication\": {\"name\": \"kept\", \"manage\": false}";
        assertThat(post(200, "/api/v1/sources/test", source.formatted(port, kept))
                        .toString())
                .contains("PHI-1005", "publication kept does not exist");
        JsonNode nobody = post(200, "/api/v1/sources/test", source.formatted(CliLab.freePort(), ""));
        assertThat(nobody.path("passed").asBoolean()).isFalse();
        assertThat(nobody.toString()).contains("PHI-1002");
    }

    private void letters() throws Exception {
        execute("INSERT INTO t VALUES (2, 'infinity')");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(get(LETTERS + "/count").path("count").asLong())
                                .isEqualTo(1));
        String id = get(LETTERS).at("/items/0/id").asText();
        ask("GET " + LETTERS + "/{letter}", 200, filled(LETTERS) + "/" + id, null);
        get(LETTERS + "/export");
        assertThat(post(202, LETTERS + "/replay", "{\"table\": \"public.none\"}")
                        .path("wanted")
                        .asLong())
                .isZero();
        post(409, LETTERS + "/purge", "{}");
        assertThat(post(202, LETTERS + "/purge", "{\"giveUp\": true}")
                        .path("givenUp")
                        .asLong())
                .isEqualTo(1);
        execute("DELETE FROM t WHERE id = 2");
    }

    private void compare() throws Exception {
        post(202, PIPELINE + "/resync", "{\"tables\": [\"public.t\"]}");
        long run = post(202, PIPELINE + "/verify", "{\"tables\": [\"public.t\"]}")
                .path("run")
                .asLong();
        String path = filled(PIPELINE) + "/verify/" + run;
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask("GET " + PIPELINE + "/verify/{run}", 200, path, null)
                                .path("state")
                                .asText())
                        .isEqualTo("DONE"));
        assertThat(get("/api/v1/operations").path("items").size()).isEqualTo(1);
        ask("GET /api/v1/operations/{operation}", 200, "/api/v1/operations/" + run, null);
    }

    /** Each twice: what is so already is left so. */
    private void orders() throws Exception {
        post(202, PIPELINE + "/pause", "{}");
        await("PAUSED");
        assertThat(post(202, PIPELINE + "/pause", "{}").path("desiredState").asText())
                .isEqualTo("PAUSED");
        post(202, PIPELINE + "/resume", "{}");
        await("RUNNING");
        post(202, PIPELINE + "/resume", "{}");
        post(202, PIPELINE + "/start", "{}");
        awaitOperation(post(202, PIPELINE + "/stop", "{}"));
        await("STOPPED");
        assertThat(post(202, PIPELINE + "/stop", "{}").path("operation").isNull())
                .isTrue();
        assertThat(get("/health").path("status").asText())
                .as("it rests as told")
                .isEqualTo("up");
        post(409, PIPELINE + "/pause", "{}");
        post(409, PIPELINE + "/resume", "{}");
        post(409, PIPELINE + "/resync", "{}");
        awaitOperation(post(202, PIPELINE + "/start", "{}"));
        await("RUNNING");
        awaitOperation(post(202, PIPELINE + "/restart", "{}"));
        await("RUNNING");
        execute("INSERT INTO t VALUES (3, '2026-03-03')");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(LakeRows.of(lake(), "one", "t")).contains("3|2026-03-03"));
    }

    private void badly() throws Exception {
        for (String operation : contract.operations().keySet()) {
            String path = operation.split(" ")[1];
            if (path.contains("{")) {
                String nowhere =
                        path.replaceAll("\\{(id|source|operation)}", "nowhere").replaceAll("\\{.*?}", "7");
                ask(operation, 404, nowhere, operation.startsWith("POST") ? "{}" : null);
            }
            if (operation.startsWith("POST")) {
                wronglySent(operation, filled(path));
            }
        }
    }

    private void wronglySent(String operation, String path) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        HttpResponse<byte[]> response =
                client.send(request.POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofByteArray());
        contract.hold(operation, response);
        assertThat(response.statusCode()).isEqualTo(415);
        request.header("Content-Type", "application/json").POST(BodyPublishers.ofString("{\"x/y\": 1}"));
        response = client.send(request.build(), BodyHandlers.ofByteArray());
        contract.hold(operation, response);
        // Whoever asks what is wrong with a text has asked well.
        boolean asksForFaults = operation.endsWith("/validate");
        assertThat(response.statusCode()).as(operation).isEqualTo(asksForFaults ? 200 : 400);
        assertThat(Json.mapper()
                        .readTree(response.body())
                        .at(asksForFaults ? "/faults/0/pointer" : "/errors/0/pointer")
                        .asText())
                .isEqualTo("/x~1y");
        request.header("Origin", base);
        response = client.send(request.build(), BodyHandlers.ofByteArray());
        contract.hold(operation, response);
        assertThat(response.statusCode()).isEqualTo(403);
    }
}
