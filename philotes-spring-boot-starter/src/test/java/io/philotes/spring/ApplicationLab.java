// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A PostgreSQL with a small shop, a directory for the lake, and whole applications on them. */
abstract class ApplicationLab {

    static final String CANARY = "s3cret-canary";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    /** What a user would write. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @AfterEach
    void cleanUp() throws SQLException {
        sql(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
                "DROP PUBLICATION IF EXISTS philotes_shop",
                "DROP TABLE IF EXISTS orders, customers");
    }

    static void shop() throws SQLException {
        sql(
                "CREATE TABLE orders (id int PRIMARY KEY, amount numeric(10,2), placed timestamp)",
                "CREATE TABLE customers (id int PRIMARY KEY, name text)",
                "INSERT INTO orders VALUES (1, 9.99, now()), (2, 5.00, now())",
                "INSERT INTO customers VALUES (1, 'Ada')");
    }

    static void sql(String... statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static String url() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    /** The application's settings for its own database. */
    static String database() {
        return """
                spring:
                  main: { banner-mode: off }
                  datasource: { url: "%s", username: postgres, password: %s }
                """.formatted(url(), CANARY);
    }

    /** Four lines, as in the guide; {@code more} stands in the pipeline. */
    final String pipeline(String more) {
        return """
                philotes:
                  pipelines:
                    shop:
                      destination: { catalog: { type: local, warehouse: "%s" } }
                      tables: [public.orders, public.customers]
                """.formatted(lake()) + more.indent(6);
    }

    final Path lake() {
        return directory.resolve("lake");
    }

    /** Runs an application with this {@code application.yaml}. */
    final ConfigurableApplicationContext run(String yaml, Class<?>... more) throws IOException {
        Path file = Files.writeString(Files.createTempFile(directory, "application", ".yaml"), yaml);
        SpringApplication application = new SpringApplication(Application.class);
        application.addPrimarySources(List.of(more));
        application.setRegisterShutdownHook(false);
        return application.run("--spring.config.location=" + file.toUri());
    }

    static PhilotesPipelines pipelines(ConfigurableApplicationContext application) {
        return application.getBean(PhilotesPipelines.class);
    }

    static Pipeline shop(ConfigurableApplicationContext application) {
        return pipelines(application).pipeline("shop").orElseThrow();
    }

    static void catchUp(ConfigurableApplicationContext application) throws InterruptedException {
        shop(application).runUntilCaughtUp(Duration.ofMinutes(1));
    }

    /** The ids in a target, in order. */
    final List<Integer> ids(String table) throws IOException {
        try (var catalog = LocalCatalog.open(lake());
                CloseableIterable<Record> rows = IcebergGenerics.read(
                                catalog.loadTable(TableIdentifier.of("shop", table)))
                        .build()) {
            return StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> (Integer) row.getField("id"))
                    .sorted()
                    .toList();
        }
    }

    /** What Actuator answers. */
    record Answer(int status, String body) {

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    static Answer get(ConfigurableApplicationContext application, String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(application, path)));
    }

    static Answer post(ConfigurableApplicationContext application, String path, String json) throws Exception {
        return send(HttpRequest.newBuilder(uri(application, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private static Answer send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    private static URI uri(ConfigurableApplicationContext application, String path) {
        return URI.create("http://localhost:" + application.getEnvironment().getProperty("local.server.port")
                + "/actuator/" + path);
    }
}
