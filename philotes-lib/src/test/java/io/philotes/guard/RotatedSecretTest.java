// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedSecretTest {

    private static final String END_ALL =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'";

    @TempDir
    Path directory;

    private final AtomicReference<String> secret = new AtomicReference<>("first");

    private PostgresCluster server() throws Exception {
        PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
        server.authenticate("host all app 127.0.0.1/32 scram-sha-256");
        server.execute("CREATE ROLE app SUPERUSER LOGIN REPLICATION PASSWORD 'first'");
        GuardLab.createItems(server);
        return server;
    }

    private GuardLab lab(Duration retries) {
        return new GuardLab(directory, "memory")
                .source(source -> source.credentials("app", secret::get))
                .options(
                        draft -> draft.retry(new RetryPolicy(Duration.ofMillis(100), Duration.ofMillis(500), retries)));
    }

    @Test
    void a_secret_that_was_changed_is_asked_for_at_the_next_connection() throws Exception {
        try (PostgresCluster server = server();
                GuardLab lab = lab(Duration.ofMinutes(3))) {
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                server.execute("ALTER ROLE app PASSWORD 'second'", END_ALL, "INSERT INTO items VALUES (1001, 'x')");
                await().atMost(GuardLab.LONG)
                        .until(() -> server.serverLog().contains("password authentication failed"));
                assertThat(pipeline.status().state()).isNotEqualTo(PipelineState.FAILED);

                secret.set("second");

                await().atMost(GuardLab.LONG).untilAsserted(() -> {
                    pipeline.runUntilCaughtUp(GuardLab.LONG);
                    lab.assertEqual(server);
                });
            }
        }
    }

    @Test
    void one_that_stays_wrong_ends_the_pipeline_and_refuses_a_start() throws Exception {
        try (PostgresCluster server = server();
                GuardLab lab = lab(Duration.ofSeconds(2))) {
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                server.execute("ALTER ROLE app PASSWORD 'second'", END_ALL);
                PhilotesException failure = GuardLab.failureOf(pipeline);
                GuardLab.assertCode(failure, ErrorCode.SOURCE_AUTHENTICATION);
                assertThat(failure.getMessage()).contains("tried again for");
            }
            assertThatThrownBy(() -> lab.start(server))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_AUTHENTICATION));
        }
    }
}
