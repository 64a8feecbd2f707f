// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.checkpoint.TableState;
import io.philotes.health.Finding;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TableStatus;
import io.philotes.pipeline.VerifyReport.Verdict;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.Mask;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.source.postgres.TableRules;
import io.philotes.testkit.Lake;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A masked column stays masked whatever it is called, also when the table is copied again by another process. */
class MaskMemoryTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @Test
    void what_was_masked_under_an_earlier_name_never_comes_in_clear() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            postgres.execute(
                    "CREATE TABLE people (id int PRIMARY KEY, secret text)",
                    "INSERT INTO people SELECT i, 'clear' || i FROM generate_series(1, 10) i");
            try (Pipeline pipeline = pipeline(postgres, catalog).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            postgres.execute(
                    "ALTER TABLE people RENAME secret TO harmless",
                    "ALTER TABLE people ADD COLUMN secret text",
                    "INSERT INTO people VALUES (11, 'clear11', 'clear12')");
            try (Pipeline pipeline = pipeline(postgres, catalog).start()) {
                copyAgain(pipeline, 11);
            }
            assertNothingInClear(catalog, "harmless", "secret");
            assertThat(pipeline(postgres, catalog).check().findings())
                    .as("what only the target remembers")
                    .filteredOn(finding -> finding.severity() == Finding.Severity.WARN)
                    .anySatisfy(finding ->
                            assertThat(finding.message()).contains("\"secret\" of the rules is \"harmless\" now"));
        }
    }

    @Test
    void a_table_that_was_left_out_for_a_while_comes_back_with_what_its_target_remembers() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            postgres.execute(
                    "CREATE TABLE people (id int PRIMARY KEY, secret text)",
                    "INSERT INTO people SELECT i, 'clear' || i FROM generate_series(1, 10) i",
                    "CREATE TABLE others (id int PRIMARY KEY)");
            try (Pipeline pipeline = pipeline(postgres, catalog).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            PostgresSource without = source(postgres).tables("public.others").build();
            try (Pipeline pipeline = pipeline(without, catalog).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            postgres.execute(
                    "ALTER TABLE people RENAME secret TO harmless", "ALTER TABLE people ADD COLUMN secret text");
            PostgresSource again = masked(postgres).tables("public.others").build();
            try (Pipeline pipeline = pipeline(again, catalog).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            assertNothingInClear(catalog, "harmless", "secret");
        }
    }

    /** The name was found at a second column, which the run that found it told of and never copied. */
    @Test
    void what_took_the_name_of_a_rule_and_lost_it_again_never_comes_in_clear() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            postgres.execute(
                    "CREATE TABLE people (id int PRIMARY KEY, secret text)",
                    "INSERT INTO people SELECT i, 'clear' || i FROM generate_series(1, 10) i");
            try (Pipeline pipeline = pipeline(postgres, catalog).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
                postgres.execute("ALTER TABLE people DROP COLUMN secret", "ALTER TABLE people ADD COLUMN secret text");
                awaitTable(pipeline, table -> table.state() == TableState.DIVERGED);
                postgres.execute(
                        "UPDATE people SET secret = 'clear'",
                        "ALTER TABLE people RENAME secret TO hidden",
                        "INSERT INTO people VALUES (11, 'clear11')");
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            assertNothingInClear(catalog, "hidden");
            try (Pipeline pipeline = pipeline(postgres, catalog).start()) {
                postgres.execute("INSERT INTO people VALUES (12, 'clear12')");
                pipeline.runUntilCaughtUp(PATIENCE);
                assertNothingInClear(catalog, "hidden");
                copyAgain(pipeline, 12);
            }
            assertNothingInClear(catalog, "hidden");
        }
    }

    @Test
    void a_column_that_was_masked_under_an_earlier_name_is_compared_as_it_is_mirrored() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            postgres.execute(
                    "CREATE TABLE people (id int PRIMARY KEY, secret text)",
                    "INSERT INTO people SELECT i, 'clear' || i FROM generate_series(1, 10) i");
            try (Pipeline pipeline = pipeline(postgres, catalog).start()) {
                pipeline.runUntilCaughtUp(PATIENCE);
                postgres.execute(
                        "ALTER TABLE people RENAME secret TO harmless", "INSERT INTO people VALUES (11, 'clear11')");
                assertThat(pipeline.verify(VerifyRequest.of(List.of())).tables())
                        .singleElement()
                        .satisfies(people -> {
                            assertThat(people.verdict()).isEqualTo(Verdict.EQUAL);
                            assertThat(people.rows()).isEqualTo(11);
                        });
            }
            assertNothingInClear(catalog, "harmless");
        }
    }

    private static void copyAgain(Pipeline pipeline, int rows) throws Exception {
        pipeline.resync(List.of());
        awaitTable(pipeline, table -> table.state() == TableState.STREAMING && table.copiedRows() >= rows);
        pipeline.runUntilCaughtUp(PATIENCE);
    }

    private static void awaitTable(Pipeline pipeline, Predicate<TableStatus> wanted) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> pipeline.status().tables().stream().allMatch(wanted));
    }

    private static void assertNothingInClear(JdbcCatalog catalog, String... masked) throws Exception {
        Table people = catalog.loadTable(TableIdentifier.of("shop", "people"));
        List<String> columns =
                people.schema().columns().stream().map(Types.NestedField::name).toList();
        assertThat(columns).contains(masked);
        assertThat(Lake.rows(people, columns).toString())
                .hasSizeGreaterThan(100)
                .doesNotContain("clear");
    }

    private static PipelineBuilder pipeline(TestPostgres postgres, JdbcCatalog catalog) {
        return pipeline(masked(postgres).build(), catalog);
    }

    private static PostgresSourceBuilder masked(TestPostgres postgres) {
        return source(postgres)
                .tables("public.people")
                .table("public.people", TableRules.none().mask("secret", Mask.SHA256));
    }

    private static PostgresSourceBuilder source(TestPostgres postgres) {
        return PostgresSource.builder(postgres.url())
                .credentials("postgres", "postgres")
                .sslMode(SslMode.DISABLE);
    }

    private static PipelineBuilder pipeline(PostgresSource source, JdbcCatalog catalog) {
        return Philotes.source(source)
                .name("masked")
                .commitInterval(Duration.ofMillis(200))
                .schemaLookInterval(Duration.ofMillis(200))
                .sink(IcebergSink.builder(catalog).namespace("shop").build());
    }
}
