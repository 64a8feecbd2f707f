// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.yaml.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pipelines of one process: what becomes of one is nothing to the others. */
class SeveralPipelinesTest extends CliServer {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Path config;

    @BeforeEach
    void prepare() throws Exception {
        execute(
                "CREATE TABLE good (id int PRIMARY KEY)",
                "INSERT INTO good VALUES (1)",
                "CREATE TABLE bad (id int PRIMARY KEY)",
                "CREATE ROLE poor LOGIN REPLICATION",
                "GRANT CREATE ON DATABASE postgres TO poor",
                "ALTER TABLE bad OWNER TO poor");
        config = Files.writeString(directory.resolve("philotes.yaml"), """
                version: 1
                pipelines:
                %s%s%sstate: { directory: "%s" }
                server: { port: %d }
                """.formatted(
                        pipeline("absent", "postgres", "not_there"),
                        pipeline("poor", "poor", "bad"),
                        pipeline("good", "postgres", "good"),
                        state(),
                        CliLab.freePort()));
    }

    @AfterEach
    void clean() throws Exception {
        execute(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active",
                "DROP PUBLICATION IF EXISTS philotes_good",
                "DROP PUBLICATION IF EXISTS philotes_poor",
                "DROP TABLE IF EXISTS good, bad");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> value("SELECT 1 FROM pg_replication_slots WHERE active") == null);
        execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots", "DROP OWNED BY poor");
        execute("DROP ROLE poor");
    }

    private String pipeline(String name, String role, String table) {
        return """
                  %s:
                    source:
                      url: jdbc:postgresql://localhost:%d/postgres
                      username: %s
                      ssl: { mode: disable }
                    destination: { catalog: { type: local, warehouse: "%s" } }
                    tables: [public.%s]
                    commit: { interval: 100ms }
                    on-error: { retry: { initial-delay: 100ms, max-duration: 2s } }
                """.formatted(name, postgres().getPort(), role, lake(), table);
    }

    private RunnerProcess process(String... pipelines) {
        return new RunnerProcess(new ConfigReader(name -> null).read(config), List.of(pipelines));
    }

    private static Future<PhilotesException> run(RunnerProcess process) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                process.runUntilStopped();
                return null;
            } catch (PhilotesException e) {
                return e;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private JsonNode status(String pipeline) throws Exception {
        cli("status", "-o", "json", "--config", config.toString());
        for (JsonNode status : Json.mapper().readTree(out().isEmpty() ? "[]" : out())) {
            if (status.path("pipeline").asText().equals(pipeline)) {
                return status;
            }
        }
        return Json.mapper().createObjectNode();
    }

    private void await(String pipeline, String state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> status(pipeline).path("state").asText().equals(state));
    }

    private void requireGoodGoesOn(String id) throws Exception {
        execute("INSERT INTO good VALUES (" + id + ")");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(LakeRows.of(lake(), "good", "good")).contains(id));
        assertThat(status("good").path("state").asText()).isEqualTo("RUNNING");
    }

    @Test
    void a_pipeline_that_cannot_start_or_fails_later_takes_no_other_with_it() throws Exception {
        Future<PhilotesException> end;
        try (RunnerProcess process = process("absent", "poor", "good")) {
            process.serve();
            end = run(process);

            // One never starts: its table is not there.
            await("absent", "FAILED");
            assertThat(status("absent").at("/failure/message").asText()).contains("PHI-1007", "not_there");
            assertThat(status("absent").at("/failure/hint").asText()).isNotEmpty();
            await("poor", "RUNNING");
            await("good", "RUNNING");
            requireGoodGoesOn("2");

            // One loses its table, and later its rights.
            execute("DROP TABLE bad");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    status("poor").at("/tables/0/reason").asText())
                            .isNotEmpty());
            requireGoodGoesOn("3");
            execute(
                    "ALTER ROLE poor NOREPLICATION NOLOGIN",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'poor'");
            await("poor", "FAILED");
            assertThat(status("poor").at("/failure/message").asText()).contains("PHI-1003");
            requireGoodGoesOn("4");

            // What somebody stops rests, and is no reason to be down; what it failed by can be seen.
            assertThat(cli("health", "--config", config.toString())).isEqualTo(1);
            for (String failed : List.of("absent", "poor")) {
                assertThat(cli("pipeline", "stop", failed, "--config", config.toString()))
                        .as(err())
                        .isZero();
                await(failed, "STOPPED");
            }
            assertThat(status("poor").at("/failure/message").asText()).contains("PHI-1003");
            assertThat(cli("health", "--config", config.toString())).as(out()).isZero();
        }
        assertThat(end.get(1, TimeUnit.MINUTES).code()).isEqualTo(ErrorCode.TABLE_MISSING);
    }

    @Test
    void once_brings_home_what_can_be_and_ends_with_what_could_not() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--config", config.toString()))
                .as(err())
                .isEqualTo(78);
        assertThat(err()).contains("PHI-1007");
        assertThat(LakeRows.of(lake(), "good", "good")).containsExactly("1");
    }

    @Test
    void only_the_named_one_is_run() throws Exception {
        assertThat(cli("run", "--once", "--no-server", "--only", "good", "--config", config.toString()))
                .as(err())
                .isZero();
        assertThat(LakeRows.of(lake(), "good", "good")).containsExactly("1");
        assertThat(value("SELECT 1 FROM pg_replication_slots WHERE slot_name = 'philotes_poor'"))
                .isNull();
    }
}
