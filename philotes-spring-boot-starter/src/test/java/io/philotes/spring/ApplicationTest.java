// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.Sink;
import io.philotes.sink.Sinks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Whole applications against a real PostgreSQL and a local lake. */
class ApplicationTest extends ApplicationLab {

    private static final String WEB = """
            server: { port: 0, address: localhost }
            management:
              endpoints.web.exposure.include: "*"
              endpoint:
                health: { show-details: always, probes: { enabled: true } }
            """;

    private static final String NO_WEB = "spring.main.web-application-type: none\n";

    private static final String FAST = "commit: { interval: 200ms }\nsource: { heartbeat: { interval: 1s } }\n";

    private static final String LETTERS = "on-error: { row: dead-letter, dead-letters: { type: file } }\n";

    @Test
    void a_web_application_mirrors_its_database_and_actuator_shows_and_orders_it() throws Exception {
        shop();
        String orders = "management.endpoint.philotes.access: unrestricted\nlogging.level.io.philotes: DEBUG\n";
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        String state = "philotes.state: { type: lake, directory: \"" + directory.resolve("state") + "\" }\n";
        try (ConfigurableApplicationContext application =
                run(database() + WEB + orders + state + pipeline(FAST + LETTERS))) {
            catchUp(application);
            sql("INSERT INTO orders VALUES (3, 1.50, now()), (4, 2, 'infinity')", "DELETE FROM orders WHERE id = 1");
            catchUp(application);
            assertThat(ids("orders")).containsExactly(2, 3);
            assertThat(ids("customers")).containsExactly(1);

            showsHealth(application);
            showsStatus(application);
            showsAndReplaysDeadLetters(application);
            showsMetricsAndInfo(application);
            takesOrders(application);
            for (String path : List.of("health", "philotes", "philotes/shop", "info", "env", "configprops", "beans")) {
                assertThat(get(application, path).body()).as(path).isNotEmpty().doesNotContain(CANARY);
            }
        } finally {
            System.setOut(console);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .as("the log")
                .contains("Pipeline shop: CREATED -> STARTING")
                .doesNotContain(CANARY);
    }

    private static void showsHealth(ConfigurableApplicationContext application) throws Exception {
        JsonNode health = get(application, "health").json();
        JsonNode shop = health.at("/components/philotes/components/shop");
        assertThat(shop.at("/status").asText()).isEqualTo("UP");
        assertThat(shop.at("/details/state").asText()).isEqualTo("RUNNING");
        assertThat(shop.at("/details/deadLetters").asLong()).isEqualTo(1);
        assertThat(shop.at("/details/tables/STREAMING").asLong()).isEqualTo(2);
        assertThat(get(application, "health/philotes/shop").status()).isEqualTo(200);
        assertThat(get(application, "health/readiness").body()).doesNotContain("philotes");
    }

    private static void showsStatus(ConfigurableApplicationContext application) throws Exception {
        assertThat(get(application, "philotes")
                        .json()
                        .at("/pipelines/shop/state")
                        .asText())
                .isEqualTo("RUNNING");
        JsonNode shop = get(application, "philotes/shop").json();
        assertThat(shop.at("/positions/covered").asText()).contains("/");
        assertThat(shop.at("/sinks/0/tables/1/table").asText()).isEqualTo("public.orders");
        JsonNode tables = get(application, "philotes/shop/tables").json();
        assertThat(tables.at("/sinks/sink/0/state").asText()).isEqualTo("STREAMING");
        await().until(() -> get(application, "philotes/shop/wal")
                .json()
                .at("/slot/slot")
                .asText()
                .equals("philotes_shop"));
        assertThat(get(application, "philotes/other").status()).isEqualTo(404);
        assertThat(get(application, "philotes/shop/other").status()).isEqualTo(404);
    }

    private static void showsAndReplaysDeadLetters(ConfigurableApplicationContext application) throws Exception {
        Answer letters = get(application, "philotes/shop/dead-letters");
        assertThat(letters.json().at("/count").asLong()).isEqualTo(1);
        assertThat(letters.json().at("/first/0/code").asText()).isEqualTo("PHI-5001");
        assertThat(letters.body()).doesNotContain("infinity").doesNotContain("keys");
        assertThat(post(application, "philotes/shop/dead-letters", "{\"action\": \"burn\"}")
                        .status())
                .isEqualTo(400);
        assertThat(post(application, "philotes/shop/other", "{\"action\": \"replay\"}")
                        .status())
                .isEqualTo(404);
        assertThat(post(
                                application,
                                "philotes/shop/dead-letters",
                                "{\"action\": \"replay\", \"table\": \"public.customers\"}")
                        .json()
                        .at("/wanted")
                        .asLong())
                .isZero();
        assertThat(post(application, "philotes/shop/dead-letters", "{\"action\": \"replay\"}")
                        .json()
                        .at("/wanted")
                        .asLong())
                .isEqualTo(1);
    }

    private static void showsMetricsAndInfo(ConfigurableApplicationContext application) throws Exception {
        JsonNode commits = get(application, "metrics/philotes.commit?tag=pipeline:shop&tag=table:public.orders")
                .json();
        assertThat(commits.at("/measurements/0/value").asDouble()).isPositive();
        assertThat(get(application, "metrics/philotes.slot.active?tag=slot:philotes_shop")
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("philotes.slot.active");
        assertThat(get(application, "metrics/philotes.pipeline.state?tag=state:running")
                        .json()
                        .at("/measurements/0/value")
                        .asDouble())
                .isEqualTo(1);
        assertThat(get(application, "info").json().at("/philotes/pipelines").asInt())
                .isEqualTo(1);
    }

    private static void takesOrders(ConfigurableApplicationContext application) throws Exception {
        assertThat(order(application, "paused").json().at("/state").asText()).isEqualTo("PAUSED");
        assertThat(get(application, "health/philotes/shop").json().at("/status").asText())
                .isEqualTo("UP");
        order(application, "running");
        awaitState(application, PipelineState.RUNNING);
        assertThat(order(application, "stopped").json().at("/state").asText()).isEqualTo("STOPPED");
        assertThat(get(application, "health/philotes/shop").json().at("/status").asText())
                .isEqualTo("UNKNOWN");
        assertThat(order(application, "paused").status()).isEqualTo(400);
        order(application, "running");
        awaitState(application, PipelineState.RUNNING);
        assertThat(order(application, "sideways").status()).isEqualTo(400);
        assertThat(post(application, "philotes/other", "{\"state\": \"paused\"}")
                        .status())
                .isEqualTo(404);
        assertThat(post(application, "philotes/shop", "{}").status()).isEqualTo(400);
    }

    private static Answer order(ConfigurableApplicationContext application, String state) throws Exception {
        return post(application, "philotes/shop", "{\"state\": \"" + state + "\"}");
    }

    private static void awaitState(ConfigurableApplicationContext application, PipelineState state) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> pipelines(application).status("shop").orElseThrow().state() == state);
    }

    @Test
    void a_second_replica_stands_by_and_takes_over() throws Exception {
        shop();
        String yaml = database() + WEB + pipeline(FAST);
        ConfigurableApplicationContext first = run(yaml);
        try (ConfigurableApplicationContext second = runAfter(first, yaml)) {
            awaitState(second, PipelineState.STANDBY);
            JsonNode health = get(second, "health/philotes").json();
            assertThat(health.at("/components/shop/status").asText()).isEqualTo("UP");
            assertThat(health.at("/components/shop/details/state").asText()).isEqualTo("STANDBY");
            assertThat(post(second, "philotes/shop", "{\"state\": \"stopped\"}").status())
                    .as("orders are not allowed without a word")
                    .isEqualTo(405);
            sql("INSERT INTO orders VALUES (3, 1.50, now())");
            catchUp(first);
            first.close();
            sql("INSERT INTO orders VALUES (4, 1.50, now())");
            awaitState(second, PipelineState.RUNNING);
            catchUp(second);
            assertThat(shop(second).status().tables()).allMatch(table -> table.copiedRows() == 0);
            assertThat(ids("orders")).containsExactly(1, 2, 3, 4);
        } finally {
            first.close();
        }
    }

    private ConfigurableApplicationContext runAfter(ConfigurableApplicationContext first, String yaml)
            throws Exception {
        catchUp(first);
        return run(yaml);
    }

    /** What an application may bring itself. */
    @Configuration(proxyBeanMethods = false)
    static class OwnParts {

        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<String> seen = new CopyOnWriteArrayList<>();
        final List<Boolean> databaseAtTheEnd = new CopyOnWriteArrayList<>();

        @Bean
        Sink audit() {
            return Sinks.forEach(change -> seen.add(change.table().name()));
        }

        @Bean
        PipelineListener listener(DataSource database) {
            return new PipelineListener() {
                @Override
                public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                    heard.add(to.name());
                    if (to == PipelineState.STOPPED) {
                        databaseAtTheEnd.add(answers(database));
                    }
                }
            };
        }

        @Bean
        PipelineCustomizer patient() {
            return (pipeline, builder) -> builder.commitInterval(Duration.ofHours(1));
        }

        private static boolean answers(DataSource database) {
            try (Connection connection = database.getConnection()) {
                return connection.isValid(5);
            } catch (SQLException e) {
                return false;
            }
        }
    }

    @Test
    void its_beans_are_used_and_what_was_read_is_committed_before_its_database_goes() throws Exception {
        shop();
        OwnParts parts;
        try (ConfigurableApplicationContext application = run(database() + NO_WEB + pipeline(FAST), OwnParts.class)) {
            parts = application.getBean(OwnParts.class);
            catchUp(application);
            // The commit that catching up asked for last may take the first of them along, the others wait for the
            // hour.
            for (int id = 3; id <= 5; id++) {
                int before = parts.seen.size();
                sql("INSERT INTO orders VALUES (" + id + ", 1.50, now())");
                await().until(() -> parts.seen.size() > before);
            }
            assertThat(ids("orders")).as("the customizer's interval counts").doesNotContain(5);
        }
        assertThat(ids("orders")).containsExactly(1, 2, 3, 4, 5);
        assertThat(parts.heard).contains("RUNNING").endsWith("STOPPED");
        assertThat(parts.databaseAtTheEnd).containsExactly(true);
    }

    @Test
    void what_must_be_mended_is_shown_with_its_sql() throws Exception {
        shop();
        sql("CREATE ROLE reader LOGIN PASSWORD 'x'");
        String yaml = database().replace("username: postgres", "username: reader") + NO_WEB + pipeline("");
        try {
            assertThatThrownBy(() -> run(yaml)).satisfies(failure -> {
                FailureAnalysis analysis = analysis(failure);
                assertThat(analysis.getDescription())
                        .contains("The pipeline 'shop' cannot start")
                        .contains("PHI-1004")
                        .contains("PHI-1008")
                        .doesNotContain(CANARY);
                assertThat(analysis.getAction())
                        .contains("ALTER ROLE", "REPLICATION")
                        .contains("GRANT SELECT");
            });
        } finally {
            sql("DROP ROLE reader");
        }
    }

    @Test
    void a_database_that_knows_no_such_user_ends_the_start() throws Exception {
        shop();
        String yaml = database().replace("username: postgres", "username: stranger") + NO_WEB + pipeline("");
        assertThatThrownBy(() -> run(yaml)).satisfies(failure -> {
            FailureAnalysis analysis = analysis(failure);
            assertThat(analysis.getDescription())
                    .contains("The pipeline 'shop' cannot start")
                    .contains("PHI-1003 connect: ")
                    .doesNotContain(CANARY);
            assertThat(analysis.getAction()).contains("password");
        });
    }

    @Test
    void faults_of_the_properties_are_shown_one_by_one() {
        assertThatThrownBy(() -> run(database() + NO_WEB + pipeline("commit: { intervall: 1s }\nbuffer: none\n")))
                .satisfies(failure -> assertThat(analysis(failure).getDescription())
                        .contains(
                                "\n    philotes.pipelines.shop.commit.intervall: unknown key; did you mean 'interval'?")
                        .contains("\n    philotes.pipelines.shop.buffer: must be a mapping of keys to values")
                        .containsPattern("application.*[.]yaml.* - [0-9]+:[0-9]+"));
    }

    private static FailureAnalysis analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation(SpringBootExceptionReporter.class.getClassLoader())
                .load(FailureAnalyzer.class, SpringFactoriesLoader.FailureHandler.handleMessage((message, e) -> {}))
                .stream()
                .filter(analyzer -> analyzer.getClass().getName().startsWith("io.philotes"))
                .map(analyzer -> analyzer.analyze(failure))
                .filter(analysis -> analysis != null)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_lake_that_is_away_keeps_no_application_from_its_start() throws Exception {
        shop();
        String yaml = database()
                + NO_WEB
                + pipeline("")
                        .replaceAll(
                                "destination:.*",
                                "destination: { catalog: { type: rest, uri: 'http://localhost:1', warehouse: lake } }");
        try (ConfigurableApplicationContext application = run(yaml)) {
            await().until(() -> pipelines(application)
                    .status("shop")
                    .orElseThrow()
                    .failure()
                    .isPresent());
            assertThat(pipelines(application).status("shop").orElseThrow().state())
                    .isEqualTo(PipelineState.STARTING);
            assertThat(pipelines(application)
                            .status("shop")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .code()
                            .code())
                    .isEqualTo("PHI-4001");
        }
    }
}
