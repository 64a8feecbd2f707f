// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.dlq.DeadLetterState;
import io.philotes.runner.letters.StoredLetters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterRoutesTest {

    private static final String BASE = "/api/v1/pipelines/shop/dead-letters";

    @TempDir
    Path directory;

    private final AtomicReference<DeadLetterRequests> requests = new AtomicReference<>();
    private DeadLetterQueue queue;
    private StatusServer server;

    @BeforeEach
    void start() {
        queue = StoredLetters.queue(directory);
        requests.set(new DeadLetterRequests(queue, StoredLetters.PIPELINE, Clock.systemUTC()));
        server = TestServer.start(0, new OnePipeline("shop", () -> Optional.ofNullable(requests.get())), () -> "");
    }

    @AfterEach
    void stop() {
        server.close();
        queue.close();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private JsonNode get(int status, String path) throws IOException, InterruptedException {
        return read(status, send(request(path)));
    }

    private JsonNode post(int status, String path, String body) throws IOException, InterruptedException {
        return read(
                status,
                send(request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))));
    }

    private static JsonNode read(int status, HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void pages_tell_where_and_why_and_nothing_of_the_rows() throws Exception {
        StoredLetters.add(queue, 5);
        List<String> places = new ArrayList<>();
        JsonNode page = get(200, BASE + "?limit=2");
        while (true) {
            page.path("items").forEach(item -> places.add(item.path("at").asText()));
            assertThat(page.toString()).doesNotContain("secret");
            if (page.path("next").isNull()) {
                break;
            }
            page = get(200, BASE + "?limit=2&cursor=" + page.path("next").asText());
        }
        assertThat(places).containsExactly("0/64+0", "0/65+0", "0/66+0", "0/67+0", "0/68+0");
        JsonNode first = get(200, BASE + "?at=0/64%2B0").path("items").get(0);
        assertThat(first.path("table").asText()).isEqualTo("public.Odd Orders");
        assertThat(first.path("state").asText()).isEqualTo("PARKED");
        assertThat(first.path("code").asText()).isEqualTo("PHI-5001");
    }

    @Test
    void counts_are_by_state_and_filtered() throws Exception {
        StoredLetters.add(queue, 5);
        post(202, BASE + "/replay", "{\"at\": \"0/64+0\"}");
        assertThat(get(200, BASE + "/count"))
                .hasToString("{\"pipeline\":\"shop\",\"count\":5,\"states\":{\"PARKED\":4,\"WANTED\":1}}");
        assertThat(get(200, BASE + "/count?state=wanted&state=applied")
                        .path("count")
                        .asLong())
                .isEqualTo(1);
        assertThat(get(200, BASE + "/count?table=public.orders").path("count").asLong())
                .isZero();
        assertThat(get(200, BASE + "/count?table=public.%22Odd%20Orders%22&code=phi-5001&sink=sink")
                        .path("count")
                        .asLong())
                .isEqualTo(5);
    }

    @Test
    void one_letter_is_shown_with_its_values_and_bytes() throws Exception {
        StoredLetters.add(queue, 2);
        String id = get(200, BASE).path("items").get(1).path("id").asText();
        JsonNode shown = get(200, BASE + "/" + id);
        assertThat(shown.path("letter").path("at").asText()).isEqualTo("0/65+0");
        assertThat(shown.path("keys")).hasToString("[\"[1]\"]");
        assertThat(shown.path("operation").asText()).isEqualTo("insert");
        assertThat(shown.path("columns").get(0)).hasToString("{\"name\":\"id\",\"type\":\"int4\",\"key\":true}");
        assertThat(shown.path("newRow").get(0).path("text").asText()).isEqualTo("1");
        assertThat(shown.path("newRow").get(1).path("text").asText()).isEqualTo("secret\u001b[2J");
        assertThat(shown.path("oldRow").isNull()).isTrue();
        assertThat(shown.path("change").asText()).hasSizeGreaterThan(100).matches("[0-9a-f]+");
    }

    @Test
    void what_is_not_there_or_makes_no_sense_is_said() throws Exception {
        StoredLetters.add(queue, 1);
        String id = get(200, BASE).path("items").get(0).path("id").asText();
        queue.move(StoredLetters.ids(1), DeadLetterMove.superseded(java.time.Instant.EPOCH));
        queue.remove(StoredLetters.ids(1));
        get(404, BASE + "/" + id);
        get(404, "/api/v1/pipelines/shop2/dead-letters");
        get(400, BASE + "/nonsense");
        for (String query :
                List.of("limit=0", "limit=x", "limit=1001", "state=x", "at=1", "table=a.b.c", "x=y", "cursor=_")) {
            assertThat(get(400, BASE + "?" + query).path("status").asInt())
                    .as(query)
                    .isEqualTo(400);
        }
        post(400, BASE + "/replay", "[]");
        post(400, BASE + "/replay", "{\"tables\": \"a.b\"}");
        post(400, BASE + "/replay", "{\"table\": 1}");
        requests.set(null);
        get(404, BASE);
    }

    @Test
    void what_was_never_applied_is_purged_only_when_that_is_said() throws Exception {
        StoredLetters.add(queue, 4);
        queue.move(StoredLetters.ids(1), DeadLetterMove.superseded(java.time.Instant.EPOCH));
        JsonNode refusal = post(409, BASE + "/purge", "{}");
        assertThat(refusal.path("detail").asText()).contains("3 of these").contains("giveUp");
        assertThat(queue.count(DeadLetterFilter.ALL)).isEqualTo(4);
        assertThat(post(202, BASE + "/purge", "{\"state\": [\"superseded\"]}")
                        .path("removed")
                        .asLong())
                .isEqualTo(1);
        JsonNode purged = post(202, BASE + "/purge", "{\"giveUp\": true}");
        assertThat(purged.path("givenUp").asLong()).isEqualTo(3);
        assertThat(queue.count(DeadLetterFilter.ALL.in(Set.of(DeadLetterState.DISCARDED))))
                .isEqualTo(3);
    }

    @Test
    void what_names_nothing_or_more_than_can_be_meant_gives_up_no_row() throws Exception {
        StoredLetters.add(queue, 2);
        for (String filter : List.of(
                "\"table\": []",
                "\"state\": []",
                "\"table\": [\"public.\\\"Odd Orders\\\"\", \"public.orders\"]",
                "\"at\": [\"0/64+0\", \"0/65+0\"]")) {
            post(400, BASE + "/purge", "{\"giveUp\": true, " + filter + "}");
            post(400, BASE + "/replay", "{" + filter + "}");
        }
        get(400, BASE + "/count?table=public.a&table=public.b");
        assertThat(queue.count(DeadLetterFilter.ALL.in(Set.of(DeadLetterState.PARKED))))
                .isEqualTo(2);
        assertThat(post(202, BASE + "/replay", "{\"at\": [\"0/64+0\"]}")
                        .path("wanted")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void all_are_exported() throws Exception {
        StoredLetters.add(queue, 3);
        HttpResponse<byte[]> answer = send(request(BASE + "/export"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("avro/binary");
        assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(answer.body().length);
        int letters = 0;
        try (DataFileReader<GenericRecord> file =
                new DataFileReader<>(new SeekableByteArrayInput(answer.body()), new GenericDatumReader<>())) {
            for (GenericRecord letter : file) {
                assertThat(letter.get("table")).hasToString("Odd Orders");
                letters++;
            }
        }
        assertThat(letters).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/count", "/export", "/x"})
    void web_pages_are_not_answered(String path) throws Exception {
        StoredLetters.add(queue, 1);
        assertThat(send(request(BASE + path).header("Origin", "http://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(underOtherName(BASE + path)).startsWith("HTTP/1.1 403");
        assertThat(send(request(BASE + "/replay").POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(415);
        assertThat(queue.count(DeadLetterFilter.ALL.in(Set.of(DeadLetterState.PARKED))))
                .isEqualTo(1);
    }

    /** As a browser would, whose page's own name leads to this machine. */
    private String underOtherName(String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            String head = "GET " + path + " HTTP/1.1\r\nHost: evil.example:" + server.port()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            in.transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
