// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.LifeLab.PATIENCE;
import static io.philotes.mirror.LifeLab.await;
import static io.philotes.mirror.LifeLab.awaitState;
import static io.philotes.mirror.LifeLab.id;
import static io.philotes.mirror.LifeLab.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelinePlan;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyReport.Verdict;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.TablePlan;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that come, go and come back while a pipeline runs or is down. */
class ComingAndGoingTest {

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    private LifeLab lab;

    @BeforeAll
    static void startPostgres() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        lab = new LifeLab(postgres, directory);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_new_table_of_a_pattern_is_copied_and_followed_without_a_restart() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.*").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql(
                    "CREATE TABLE c (id int PRIMARY KEY, v text)",
                    "INSERT INTO c SELECT i, 'before' FROM generate_series(1, 100) i");
            awaitState(pipeline, "c", TableState.STREAMING);
            lab.sql("UPDATE c SET v = 'after' WHERE id % 2 = 0", "DELETE FROM c WHERE id = 1", "DELETE FROM a");
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("a");
            lab.assertMirrored("c");
            assertThat(table(pipeline, "a").copiedRows()).isEqualTo(10);
        }
        try (Pipeline pipeline = lab.pipeline("public.*").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            assertThat(table(pipeline, "c").copiedRows()).isZero();
            lab.assertMirrored("c");
        }
    }

    @Test
    void a_new_table_without_a_key_is_told_of_and_never_published() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.*").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql("CREATE TABLE keyless (v int)", "INSERT INTO keyless VALUES (1)");
            awaitState(pipeline, "keyless", TableState.NEEDS_RESYNC);
            assertThat(table(pipeline, "keyless").reason()).contains("PHI-1102");
            assertThat(pipeline.verify(VerifyRequest.of(List.of(id("keyless")))).tables())
                    .singleElement()
                    .returns(Verdict.NOT_COMPARED, VerifyReport.Table::verdict)
                    .satisfies(report -> assertThat(report.reason()).contains("is NEEDS_RESYNC: PHI-1102"));
            // A published table without a key refuses this.
            lab.sql("UPDATE keyless SET v = 2", "INSERT INTO b VALUES (30, 'goes on')");
            await(() -> lab.assertMirrored("b"));

            lab.sql("ALTER TABLE keyless ADD PRIMARY KEY (v)");
            pipeline.resync(List.of(id("keyless")));
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("keyless");
        }
    }

    @Test
    void a_table_that_is_dropped_or_renamed_while_running_stops_no_other() throws Exception {
        lab.sql("CREATE TABLE c (id int PRIMARY KEY, v text)");
        try (Pipeline pipeline = lab.pipeline("public.*").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql("DROP TABLE b", "ALTER TABLE c RENAME TO d");
            awaitState(pipeline, "b", TableState.NEEDS_RESYNC);
            awaitState(pipeline, "c", TableState.NEEDS_RESYNC);
            awaitState(pipeline, "d", TableState.STREAMING);
            lab.sql("INSERT INTO a VALUES (40, NULL)", "INSERT INTO d VALUES (1, 'renamed')");
            await(() -> {
                lab.assertMirrored("a");
                lab.assertMirrored("d");
            });
        }
    }

    @Test
    void a_named_table_that_is_missing_at_a_later_start_stops_no_other() throws Exception {
        assertThatThrownBy(() -> lab.pipeline("public.a", "public.nowhere").start())
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_MISSING));
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        lab.sql("DROP TABLE b", "INSERT INTO a VALUES (41, NULL)");
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            awaitState(pipeline, "b", TableState.NEEDS_RESYNC);
            assertThat(table(pipeline, "b").reason()).contains("does not exist at the source");
            await(() -> lab.assertMirrored("a"));

            lab.sql("CREATE TABLE b (id int PRIMARY KEY, name text)", "INSERT INTO b VALUES (7, 'back')");
            pipeline.resync(List.of(id("b")));
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_plan_tells_what_the_next_start_does_with_each_table() throws Exception {
        assertThat(actions("public.a", "public.b")).containsOnly(Map.entry("a", "create"), Map.entry("b", "create"));
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        lab.sql("CREATE TABLE c (id int PRIMARY KEY)");
        assertThat(actions("public.a", "public.c"))
                .containsOnly(Map.entry("a", "keep"), Map.entry("b", "forget"), Map.entry("c", "create"));
        lab.pipeline("public.a", "public.b").markForResync(List.of(id("a")));
        assertThat(actions("public.a", "public.b")).containsOnly(Map.entry("a", "copy again"), Map.entry("b", "keep"));
    }

    private Map<String, String> actions(String... tables) {
        PipelinePlan plan = lab.pipeline(tables).plan();
        return plan.tables().stream().collect(Collectors.toMap(t -> t.table().name(), TablePlan::action));
    }

    @Test
    void a_copy_of_one_table_does_not_hide_that_another_was_out_of_the_publication() throws Exception {
        try (Pipeline pipeline =
                lab.pipeline("a", "b").schemaLookInterval(Duration.ofHours(1)).start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql(
                    "DO $$ BEGIN EXECUTE (SELECT format('ALTER PUBLICATION %I DROP TABLE b', pubname)"
                            + " FROM pg_publication); END $$",
                    "INSERT INTO b VALUES (77, 'nobody hears of it')");
            pipeline.resync(List.of(id("a")));
            awaitState(pipeline, "b", TableState.NEEDS_RESYNC);
            await(() -> assertThat(table(pipeline, "a").state()).isEqualTo(TableState.STREAMING));
            pipeline.resync(List.of(id("b")));
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_table_that_was_out_of_the_publication_while_nobody_looked_is_copied_again() throws Exception {
        try (Pipeline pipeline = lab.pipeline("a", "b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        lab.sql(
                "DO $$ BEGIN EXECUTE (SELECT format('ALTER PUBLICATION %I DROP TABLE b', pubname)"
                        + " FROM pg_publication); END $$",
                "INSERT INTO b VALUES (77, 'nobody hears of it')",
                "DO $$ BEGIN EXECUTE (SELECT format('ALTER PUBLICATION %I ADD TABLE b', pubname)"
                        + " FROM pg_publication); END $$");
        try (Pipeline pipeline = lab.pipeline("a", "b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            await(() -> lab.assertMirrored("b"));
            assertThat(table(pipeline, "a").copiedRows()).isZero();
        }
    }
}
