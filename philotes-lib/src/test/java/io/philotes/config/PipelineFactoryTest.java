// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.RowPolicy;
import io.philotes.sink.Sink;
import io.philotes.sink.Sinks;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFactoryTest {

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        postgres.createDatabase("catalog");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @AfterEach
    void drop() throws Exception {
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    }

    private PipelineFactory factory(CatalogConfig catalog) {
        return factory(catalog, null, new StateConfig(null, directory.resolve("state")));
    }

    private PipelineFactory factory(CatalogConfig catalog, BufferConfig buffer, StateConfig state) {
        return factory(Optional.of(catalog), buffer, null, state, OwnParts.NONE);
    }

    private PipelineFactory factory(
            Optional<CatalogConfig> catalog,
            BufferConfig buffer,
            OnErrorConfig onError,
            StateConfig state,
            OwnParts own) {
        SourceConfig source = new SourceConfig(
                null,
                postgres.url(),
                null,
                "postgres",
                Optional.of(Secret.of("postgres")),
                new SslConfig(SslMode.DISABLE, null),
                null,
                null,
                null,
                null,
                null,
                null);
        PipelineConfig pipeline = new PipelineConfig(
                null,
                Ref.inline(source),
                catalog.map(c -> Ref.inline(new DestinationConfig(null, c, null))),
                null,
                buffer,
                null,
                null,
                null,
                null,
                List.of(TableConfig.of("public.t")),
                null,
                null,
                null,
                onError);
        return new PipelineFactory(new PhilotesConfig(1, null, null, Map.of("one", pipeline), state, null, null), own);
    }

    private CatalogConfig jdbc(String uri, String warehouse) {
        return new CatalogConfig(
                CatalogType.JDBC,
                Optional.of(uri),
                warehouse,
                null,
                Optional.of("postgres"),
                Optional.of(Secret.of("postgres")),
                null,
                null);
    }

    private static CatalogConfig local(Path warehouse) {
        return new CatalogConfig(CatalogType.LOCAL, null, warehouse.toString(), null, null, null, null, null);
    }

    @Test
    void a_local_catalog_passes_the_check() {
        try (PipelineFactory factory = factory(local(directory.resolve("lake")))) {
            assertThat(factory.check("one").passed()).isTrue();
            assertThat(factory.builder("one").plan().tables()).hasSize(1);
        }
    }

    @Test
    void state_in_the_lake_leaves_nothing_on_this_machine() throws Exception {
        Path files = directory.resolve("state");
        CatalogConfig catalog = local(directory.resolve("lake"));
        try (PipelineFactory factory = factory(catalog, null, new StateConfig(StateType.LAKE, files))) {
            for (int run = 0; run < 2; run++) {
                postgres.execute("INSERT INTO t VALUES (" + (10 + run) + ")");
                try (Pipeline pipeline = factory.builder("one").start()) {
                    pipeline.runUntilCaughtUp(Duration.ofMinutes(1));
                    assertThat(pipeline.status().bufferLimitBytes()).isEqualTo(MemoryBuffer.DEFAULT_LIMIT_BYTES);
                    assertThat(pipeline.status().tables().get(0).copiedRows() > 0)
                            .as("the second run goes on from the lake's own record")
                            .isEqualTo(run == 0);
                }
            }
            assertThatThrownBy(() -> factory.deadLetters("one")).hasMessageContaining("it keeps none");
        }
        assertThat(files).doesNotExist();
    }

    @Test
    void state_in_the_lake_keeps_no_dead_letters() {
        StateConfig state = new StateConfig(StateType.LAKE, directory);
        OnErrorConfig aside = new OnErrorConfig(RowPolicy.DEAD_LETTER, null, null, null);
        Optional<CatalogConfig> catalog = Optional.of(local(directory.resolve("lake")));
        assertThatThrownBy(() -> factory(catalog, null, aside, state, OwnParts.NONE))
                .hasMessageContaining("pipelines.one.on-error: row is dead-letter");
        factory(catalog, null, aside, state, new OwnParts() {
                    @Override
                    public boolean hasDeadLetters(String pipeline) {
                        return true;
                    }
                })
                .close();
    }

    @Test
    void what_an_application_brings_takes_the_place_of_what_is_configured() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Path checkpoints = directory.resolve("own-checkpoints");
        OwnParts own = new OwnParts() {
            @Override
            public boolean hasSinks(String pipeline) {
                return true;
            }

            @Override
            public Map<String, Sink> sinks(String pipeline) {
                return Map.of(
                        "consumer",
                        Sinks.forEach(change -> seen.add(change.table().name())));
            }

            @Override
            public Optional<CheckpointStore> checkpoints(String pipeline) {
                return Optional.of(FileCheckpointStore.at(checkpoints));
            }
        };
        StateConfig state = new StateConfig(null, directory.resolve("state"));
        assertThatThrownBy(() -> factory(Optional.empty(), null, null, state, OwnParts.NONE))
                .hasMessageContaining("pipelines.one: the key 'destination' is missing");
        BufferConfig memory = new BufferConfig(BufferType.MEMORY, null);
        try (PipelineFactory factory = factory(Optional.empty(), memory, null, state, own)) {
            try (Pipeline pipeline = factory.builder("one").start()) {
                pipeline.runUntilCaughtUp(Duration.ofMinutes(1));
                postgres.execute("INSERT INTO t VALUES (20)");
                pipeline.runUntilCaughtUp(Duration.ofMinutes(1));
            }
        }
        assertThat(seen).isNotEmpty().containsOnly("t");
        assertThat(checkpoints).exists();
        assertThat(directory.resolve("state/checkpoints")).doesNotExist();
    }

    @Test
    void buffer_and_state_in_a_database_leave_nothing_on_this_machine() throws Exception {
        Path files = directory.resolve("state");
        StateConfig state = new StateConfig(
                StateType.POSTGRES,
                files,
                Optional.of(postgres.url("catalog")),
                Optional.of("postgres"),
                Optional.of(Secret.of("postgres")),
                Optional.of(new SslConfig(SslMode.DISABLE, null)),
                Optional.of("kept"),
                null);
        try (PipelineFactory factory =
                factory(local(directory.resolve("lake")), new BufferConfig(BufferType.POSTGRES, null), state)) {
            assertThat(factory.check("one").findings())
                    .filteredOn(f -> f.code().equals(Optional.of(ErrorCode.FEEDBACK_LOOP)))
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(
                            tuple("buffer", Finding.Severity.WARN),
                            tuple("state", Finding.Severity.WARN),
                            tuple("dead letters", Finding.Severity.WARN));
            for (int run = 0; run < 2; run++) {
                postgres.execute("INSERT INTO t VALUES (" + run + ")");
                try (Pipeline pipeline = factory.builder("one").start()) {
                    pipeline.runUntilCaughtUp(Duration.ofMinutes(1));
                }
            }
        }
        assertThat(files).doesNotExist();
        try (Connection connection = postgres.connect("catalog");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT count(*) FROM kept.cdc_checkpoints) > 0,"
                        + " (SELECT epoch FROM kept.cdc_buffers), (SELECT count(*) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'philotes%' AND datname = 'catalog')")) {
            row.next();
            assertThat(row.getBoolean(1)).isTrue();
            assertThat(row.getLong(2)).isEqualTo(2);
            assertThat(row.getInt(3)).as("connections left").isZero();
        }
    }

    @Test
    void a_jdbc_catalog_in_postgresql_passes_the_check() {
        String warehouse = directory.resolve("lake").toString();
        try (PipelineFactory factory = factory(jdbc(postgres.url("catalog"), warehouse))) {
            CheckReport report = factory.check("one");
            assertThat(report.passed()).as(report.toString()).isTrue();
        }
    }

    @Test
    void a_catalog_that_does_not_answer_is_one_finding_among_those_of_the_source() {
        try (PipelineFactory factory = factory(jdbc("jdbc:postgresql://127.0.0.1:1/x", directory.toString()))) {
            List<Finding> findings = factory.check("one").findings();
            assertThat(findings).anySatisfy(f -> assertThat(f.subject()).isEqualTo("connect"));
            assertThat(findings).last().satisfies(f -> {
                assertThat(f.code()).contains(ErrorCode.CATALOG_UNREACHABLE);
                assertThat(f.message()).contains("127.0.0.1:1/x");
            });
        }
    }

    @Test
    void a_rest_catalog_that_does_not_answer_says_where() {
        CatalogConfig rest = new CatalogConfig(
                CatalogType.REST,
                Optional.of("http://127.0.0.1:1"),
                "lake",
                null,
                null,
                null,
                Optional.of(AuthConfig.bearer(Secret.of("t0ken"))),
                null);
        try (PipelineFactory factory = factory(rest)) {
            assertThatThrownBy(() -> factory.builder("one"))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_UNREACHABLE))
                    .hasMessageContaining("http://127.0.0.1:1")
                    .hasMessageNotContaining("t0ken");
        }
    }

    @Test
    void a_warehouse_that_nothing_here_can_write_to_is_refused() {
        try (PipelineFactory factory = factory(jdbc(postgres.url("catalog"), "gs://bucket/lake"))) {
            assertThatThrownBy(() -> factory.builder("one"))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        }
    }

    @Test
    void a_catalog_whose_class_is_not_there_is_refused() {
        CatalogConfig nessie = new CatalogConfig(
                CatalogType.NESSIE,
                Optional.of("http://127.0.0.1:1"),
                "s3://bucket/lake",
                null,
                null,
                null,
                null,
                null);
        try (PipelineFactory factory = factory(nessie)) {
            assertThatThrownBy(() -> factory.builder("one"))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                    .hasMessageContaining("NessieCatalog");
        }
    }

    @Test
    void a_pipeline_that_is_not_there_is_named() {
        try (PipelineFactory factory = factory(local(directory))) {
            assertThatThrownBy(() -> factory.builder("two")).hasMessageContaining("the configuration has one");
        }
    }
}
