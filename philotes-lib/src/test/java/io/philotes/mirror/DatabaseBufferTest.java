// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.PipelineBuilder;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.checkpoint.postgres.PostgresCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.testkit.PostgresCluster;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines whose buffer and checkpoints are in a PostgreSQL database. */
class DatabaseBufferTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private static PipelineBuilder over(DataSource state, PipelineBuilder pipeline) {
        return pipeline.buffer(PostgresBuffer.builder(state)
                        .segmentBytes(64 << 10)
                        .limitBytes(64 << 20)
                        .build())
                .checkpoints(PostgresCheckpointStore.of(state));
    }

    private static void load(LifeLab lab, int from, int count) throws Exception {
        try (Connection connection = lab.connect();
                Statement statement = connection.createStatement()) {
            for (int i = from; i < from + count; i++) {
                statement.execute("INSERT INTO b VALUES (" + i + ", repeat('x', 2000)) ON CONFLICT DO NOTHING");
                statement.execute("UPDATE b SET name = 'n" + i + "' WHERE id = " + (i / 2));
                statement.execute("DELETE FROM b WHERE id = " + (i - 7));
            }
        }
    }

    @Test
    void a_pipeline_goes_on_over_restarts_from_what_the_database_holds() throws Exception {
        postgres.createDatabase("held");
        DataSource state = TestDataSource.of(postgres, "held");
        try (LifeLab lab = new LifeLab(postgres, directory)) {
            for (int run = 0; run < 3; run++) {
                load(lab, 1000 * run + 100, 60);
                try (Pipeline pipeline =
                        over(state, lab.pipeline("public.a", "public.b")).start()) {
                    load(lab, 1000 * run + 400, 60);
                    // One transaction in parts.
                    lab.sql("INSERT INTO b SELECT i, repeat(md5(i::text), 200) FROM generate_series("
                            + (run * 10000 + 50000) + ", " + (run * 10000 + 51000) + ") i");
                    pipeline.runUntilCaughtUp(PATIENCE);
                    lab.assertMirrored("a");
                    lab.assertMirrored("b");
                    load(lab, 1000 * run + 700, 60);
                }
            }
            try (Pipeline pipeline =
                    over(state, lab.pipeline("public.a", "public.b")).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
                lab.assertMirrored("b");
            }
        }
        assertThat(value(
                        state, "SELECT count(*) FROM pg_class WHERE relname LIKE 'cdc\\_events\\_%' AND relkind = 'r'"))
                .satisfies(tables -> assertThat(Integer.parseInt(tables)).isLessThan(20));
    }

    private static String value(DataSource source, String query) throws Exception {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static final String APPENDED =
            "SELECT greatest(appended_up_to, (SELECT max(end_lsn) FROM philotes.cdc_events e"
                    + " WHERE e.buffer_id = b.id))::text FROM philotes.cdc_buffers b";

    @Test
    void a_pipeline_survives_outages_of_its_buffers_database_under_load() throws Exception {
        try (PostgresCluster buffers = PostgresCluster.startOtherSystem(directory.resolve("buffers"));
                LifeLab lab = new LifeLab(postgres, directory)) {
            DataSource state = TestDataSource.of(buffers.url(), "postgres", "postgres");
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger done = new AtomicInteger();
            try (Pipeline pipeline = over(state, lab.pipeline("public.b"))
                    .retry(new RetryPolicy(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMinutes(5)))
                    .start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> keepLoading(lab, enough, done));
                for (int outage = 0; outage < 3; outage++) {
                    awaitMore(done, 50);
                    outage(lab, buffers, state, done, outage % 2 == 0 ? "immediate" : "fast");
                    LifeLab.await(() -> assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING));
                }
                enough.set(true);
                load.get(60, TimeUnit.SECONDS);
                LifeLab.await(() -> assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING));
                pipeline.runUntilCaughtUp(PATIENCE);
                lab.assertMirrored("b");
            }
        }
    }

    private static void keepLoading(LifeLab lab, AtomicBoolean enough, AtomicInteger done) {
        try {
            while (!enough.get()) {
                load(lab, 10_000 + 10 * done.getAndIncrement(), 10);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitMore(AtomicInteger done, int more) {
        int target = done.get() + more;
        LifeLab.await(() -> assertThat(done.get()).isGreaterThan(target));
    }

    /** PostgreSQL must have been told of nothing that the buffer does not hold, however it went down. */
    private void outage(LifeLab lab, PostgresCluster buffers, DataSource state, AtomicInteger done, String mode)
            throws Exception {
        buffers.stop(mode);
        awaitMore(done, 20);
        Lsn confirmed;
        try (Connection source = lab.connect();
                Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT confirmed_flush_lsn::text FROM pg_replication_slots"
                        + " WHERE database = current_database()")) {
            row.next();
            confirmed = Lsn.parse(row.getString(1));
        }
        buffers.start();
        Lsn appended = Lsn.parse(value(state, APPENDED));
        assertThat(confirmed.isAfter(appended))
                .as("confirmed %s, held up to %s", confirmed, appended)
                .isFalse();
    }

    @Test
    void a_buffer_whose_tables_would_be_captured_is_refused() throws Exception {
        try (LifeLab lab = new LifeLab(postgres, directory)) {
            lab.sql("CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root = true)");
            DataSource state = TestDataSource.of(lab.url(), "postgres", "postgres");
            PipelineBuilder pipeline = over(state, lab.pipelineOf("everything", "public.a"));
            assertThat(pipeline.check().findings())
                    .filteredOn(f -> f.code().equals(java.util.Optional.of(ErrorCode.FEEDBACK_LOOP)))
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("buffer", Finding.Severity.ERROR),
                            org.assertj.core.groups.Tuple.tuple("state", Finding.Severity.ERROR));
            assertThatThrownBy(() -> pipeline.start())
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEEDBACK_LOOP));
            assertThat(value(state, "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"))
                    .isEqualTo("0");
        }
    }

    @Test
    void a_buffer_whose_schema_is_published_is_refused() throws Exception {
        try (LifeLab lab = new LifeLab(postgres, directory)) {
            lab.sql(
                    "CREATE SCHEMA philotes",
                    "CREATE PUBLICATION partly FOR TABLE a, TABLES IN SCHEMA philotes WITH (publish_via_partition_root = true)");
            DataSource state = TestDataSource.of(lab.url(), "postgres", "postgres");
            assertThat(feedback(over(state, lab.pipelineOf("partly", "public.a"))))
                    .containsOnly(Finding.Severity.ERROR);
            assertThat(feedback(over(state, lab.pipeline("public.a", "philotes.*"))))
                    .containsOnly(Finding.Severity.WARN);
            PostgresBuffer.of(state).open("made");
            assertThat(feedback(over(state, lab.pipeline("public.a", "philotes.*"))))
                    .containsOnly(Finding.Severity.ERROR);
        }
    }

    @Test
    void a_buffer_in_the_captured_database_that_is_not_published_is_warned_of() throws Exception {
        try (LifeLab lab = new LifeLab(postgres, directory)) {
            DataSource state = TestDataSource.of(lab.url(), "postgres", "postgres");
            assertThat(feedback(over(state, lab.pipeline("public.a")))).containsOnly(Finding.Severity.WARN);
        }
    }

    private static List<Finding.Severity> feedback(PipelineBuilder pipeline) {
        return pipeline.check().findings().stream()
                .filter(f -> f.code().equals(java.util.Optional.of(ErrorCode.FEEDBACK_LOOP)))
                .map(Finding::severity)
                .toList();
    }
}
