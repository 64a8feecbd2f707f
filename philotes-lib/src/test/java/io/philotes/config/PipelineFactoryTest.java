// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.pipeline.Pipeline;
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
import org.junit.jupiter.api.AfterAll;
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

    private PipelineFactory factory(CatalogConfig catalog) {
        return factory(catalog, null, new StateConfig(null, directory.resolve("state")));
    }

    private PipelineFactory factory(CatalogConfig catalog, BufferConfig buffer, StateConfig state) {
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
                null);
        PipelineConfig pipeline = new PipelineConfig(
                null,
                Ref.inline(source),
                Ref.inline(new DestinationConfig(null, catalog, null)),
                buffer,
                null,
                null,
                null,
                List.of(TableConfig.of("public.t")),
                null,
                null,
                null,
                null);
        return new PipelineFactory(new PhilotesConfig(1, null, null, Map.of("one", pipeline), state, null, null));
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
        try (PipelineFactory factory = factory(jdbc(postgres.url("catalog"), "s3://bucket/lake"))) {
            assertThatThrownBy(() -> factory.builder("one"))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        }
    }

    @Test
    void a_pipeline_that_is_not_there_is_named() {
        try (PipelineFactory factory = factory(local(directory))) {
            assertThatThrownBy(() -> factory.builder("two")).hasMessageContaining("the configuration has one");
        }
    }
}
