// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.samples.support.Readme;
import io.philotes.samples.support.SampleDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Does what the README says, and sees what it shows. */
class ShopApplicationTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern CURL = Pattern.compile("curl -s localhost:8080(\\S+)(?:.* -d '(.*)')?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void the_readme_is_true(@TempDir Path lake) throws Exception {
        Readme readme = Readme.here();
        List<JsonNode> shown = List.of(
                JSON.readTree(readme.blocks("json").get(0)),
                JSON.readTree(readme.blocks("json").get(1)));
        try (SampleDatabase database = SampleDatabase.start();
                ConfigurableApplicationContext application = run(database, lake)) {
            List<String> asks = readme.blocks("sh").stream()
                    .flatMap(String::lines)
                    .filter(line -> line.startsWith("curl"))
                    .toList();
            for (String order : asks.subList(0, 3)) {
                assertThat(curl(application, order).has("customer")).isTrue();
            }
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> curl(application, asks.get(3)).equals(shown.get(0)));
            await().atMost(PATIENCE).untilAsserted(() -> assertContains(curl(application, asks.get(4)), shown.get(1)));
        }
    }

    @Test
    void the_readme_shows_the_applications_own_lines() throws IOException {
        String yaml =
                Files.readString(Path.of(System.getProperty("basedir", "."), "src/main/resources/application.yaml"));
        assertThat(yaml).contains(Readme.here().blocks("yaml").get(0));
    }

    private static ConfigurableApplicationContext run(SampleDatabase database, Path lake) {
        return SpringApplication.run(
                ShopApplication.class,
                "--server.port=0",
                "--spring.datasource.url=" + database.url(),
                "--philotes.pipelines.shop.destination.catalog.warehouse=" + lake,
                "--philotes.pipelines.shop.commit.interval=200ms");
    }

    private JsonNode curl(ConfigurableApplicationContext application, String line) throws Exception {
        Matcher curl = CURL.matcher(line);
        assertThat(curl.matches()).as(line).isTrue();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                "http://localhost:" + application.getEnvironment().getProperty("local.server.port") + curl.group(1)));
        if (curl.group(2) != null) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(curl.group(2)));
        }
        return JSON.readTree(http.send(request.build(), BodyHandlers.ofString()).body());
    }

    /** Whether everything shown is there; what is there besides does not matter. */
    private static void assertContains(JsonNode actual, JsonNode shown) {
        for (Map.Entry<String, JsonNode> field : shown.properties()) {
            JsonNode there = actual.path(field.getKey());
            if (field.getValue().isObject()) {
                assertContains(there, field.getValue());
            } else {
                assertThat(there.asText())
                        .as(field.getKey())
                        .isEqualTo(field.getValue().asText());
            }
        }
    }
}
