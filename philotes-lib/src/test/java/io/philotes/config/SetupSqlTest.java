// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.health.CheckReport;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.source.SchemaTracking;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the administrator runs does what it says, as it is and twice, and is enough for a role that may do nothing else. */
class SetupSqlTest {

    private static final String ROLE = "it's \"read\\only\"";

    private static final String[] TABLES = {
        "CREATE SCHEMA \"Odd.Schema\"",
        "CREATE TABLE orders (id int PRIMARY KEY, country text)",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "CREATE TABLE \"Odd.Schema\".\"it's*\" (id int PRIMARY KEY)",
        "CREATE TABLE log_a (id int PRIMARY KEY)",
        "CREATE TABLE \"log_'b\\\" (id int PRIMARY KEY)",
        "CREATE TABLE logbook (id int PRIMARY KEY)",
        "CREATE TABLE log_tmp_a (id int PRIMARY KEY)",
        "CREATE TABLE log_parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE log_parts_1 PARTITION OF log_parts FOR VALUES FROM (1) TO (10)",
        "CREATE TABLE log_tmp_parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE log_of_tmp PARTITION OF log_tmp_parts FOR VALUES FROM (1) TO (10)",
        "INSERT INTO orders VALUES (1, 'NL'), (2, 'FR')",
        "INSERT INTO log_parts VALUES (1)",
    };

    @TempDir
    Path directory;

    private PhilotesConfig config(String url, String user, boolean filters) {
        SourceConfig source = new SourceConfig(
                null,
                url,
                null,
                user,
                null,
                new SslConfig(SslMode.DISABLE, null),
                null,
                new PublicationConfig(Optional.of("by hand"), false),
                null,
                null,
                null,
                null);
        CatalogConfig catalog = new CatalogConfig(
                CatalogType.LOCAL, null, directory.resolve("lake").toString(), null, null, null, null, null);
        Optional<String> where = filters ? Optional.of("country in ('NL', 'it''s')") : null;
        PipelineConfig pipeline = new PipelineConfig(
                null,
                Ref.inline(source),
                Ref.inline(new DestinationConfig(null, catalog, null)),
                null,
                null,
                null,
                new CommitConfig(Duration.ofMillis(200), null),
                List.of(
                        new TableConfig("public.orders", null, null, null, null, where, null, null),
                        TableConfig.of("\"Odd.Schema\".\"it's*\""),
                        TableConfig.of("public.log_*")),
                List.of("public.log_tmp_*"),
                null,
                null,
                null);
        StateConfig state = new StateConfig(null, directory.resolve("state"));
        return new PhilotesConfig(1, null, null, Map.of("Shop-1", pipeline), state, null, null);
    }

    /** As it is, in one go. */
    private static void run(TestPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static List<String> strings(TestPostgres postgres, String query) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void what_it_prints_runs_twice_and_is_enough(int version) throws Exception {
        try (TestPostgres postgres = TestPostgres.start(version)) {
            postgres.execute(TABLES);
            PhilotesConfig config = config(postgres.url(), ROLE, version >= 15);
            try (PipelineFactory factory = new PipelineFactory(config)) {
                String sql = factory.setupSql("Shop-1").text() + "\n" + PostgresSource.schemaTrackingSql();
                run(postgres, sql);
                run(postgres, sql);
                publishesWhatIsMirrored(postgres, config);
                CheckReport report = factory.check("Shop-1");
                assertThat(report.passed()).as(report.toString()).isTrue();
                mirrors(postgres, factory, version >= 15 ? 1 : 2);
                assertThat(strings(postgres, "SELECT slot FROM philotes.incarnation WHERE counter > 0"))
                        .containsExactly("philotes_shop_1");
            }
        }
    }

    private static void publishesWhatIsMirrored(TestPostgres postgres, PhilotesConfig config) throws SQLException {
        PipelineConfig pipeline = config.pipelines().get("Shop-1");
        List<String> mirrored = SourceFactory.source(pipeline.source().inline().orElseThrow(), pipeline, config.state())
                .attach("Shop-1")
                .tables()
                .stream()
                .map(picture -> picture.relation().table().toString())
                .toList();
        assertThat(mirrored)
                .containsExactlyInAnyOrder(
                        "public.orders", "Odd.Schema.it's*", "public.log_a", "public.log_'b\\", "public.log_parts");
        assertThat(strings(
                        postgres,
                        "SELECT n.nspname || '.' || c.relname FROM pg_publication_rel r JOIN pg_class c ON c.oid = prrelid"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace"))
                .containsExactlyInAnyOrderElementsOf(mirrored);
        assertThat(strings(postgres, "SELECT pubname FROM pg_publication WHERE pubviaroot AND pubtruncate"))
                .containsExactly("by hand");
    }

    private static void mirrors(TestPostgres postgres, PipelineFactory factory, int orders) throws Exception {
        assertThat(strings(postgres, "SELECT 1 FROM pg_roles WHERE rolname = 'it''s \"read\\only\"' AND NOT rolsuper"))
                .hasSize(1);
        try (Pipeline pipeline = factory.builder("Shop-1").start()) {
            postgres.execute("INSERT INTO log_a VALUES (7)", "INSERT INTO orders VALUES (3, 'FR'), (4, 'NL')");
            pipeline.runUntilCaughtUp(Duration.ofMinutes(2));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> pipeline.status().schemaTracking().equals(Optional.of(SchemaTracking.EXACT)));
            postgres.execute(
                    "ALTER TABLE log_a ADD a int DEFAULT 5",
                    "INSERT INTO log_a VALUES (8)",
                    "ALTER TABLE log_a RENAME a TO b",
                    "ALTER TABLE log_a DROP b, ADD b text",
                    "INSERT INTO log_a VALUES (9, 'x')",
                    "ALTER TABLE orders ADD note text DEFAULT 'none'");
            pipeline.runUntilCaughtUp(Duration.ofMinutes(2));
            assertThat(pipeline.status().tables())
                    .hasSize(5)
                    .allSatisfy(table -> assertThat(table.state()).isEqualTo(TableState.STREAMING));
            TableId table = new TableId("public", "orders");
            assertThat(pipeline.status().tables().stream()
                            .filter(t -> t.table().equals(table))
                            .mapToLong(t -> t.copiedRows() + t.committedRows()))
                    .containsExactly(orders * 2L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {18})
    void a_table_that_came_later_is_added_when_it_is_run_again(int version) throws Exception {
        try (TestPostgres postgres = TestPostgres.start(version)) {
            postgres.execute(TABLES);
            PhilotesConfig config = config(postgres.url(), ROLE, true);
            try (PipelineFactory factory = new PipelineFactory(config)) {
                String sql = factory.setupSql("Shop-1").text();
                run(postgres, sql);
                String published = "SELECT tablename FROM pg_publication_tables";
                TreeSet<String> before = new TreeSet<>(strings(postgres, published));
                postgres.execute("CREATE TABLE log_new (id int PRIMARY KEY)");
                run(postgres, sql);
                before.add("log_new");
                assertThat(new TreeSet<>(strings(postgres, published))).isEqualTo(before);
                assertThat(factory.check("Shop-1").passed()).isTrue();
            }
        }
    }
}
