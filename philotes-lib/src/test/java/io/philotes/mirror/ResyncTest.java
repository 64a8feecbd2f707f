// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.LifeLab.PATIENCE;
import static io.philotes.mirror.LifeLab.await;
import static io.philotes.mirror.LifeLab.awaitState;
import static io.philotes.mirror.LifeLab.id;
import static io.philotes.mirror.LifeLab.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.PipelineBuilder;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are copied again while the others, and they themselves, are written to. */
class ResyncTest {

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
    void a_table_that_streams_is_copied_again_while_both_are_written_to() throws Exception {
        lab.sql("INSERT INTO b SELECT i, repeat('x', 200) FROM generate_series(100, 100000) i");
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            long copied = table(pipeline, "b").copiedRows();
            Writer writer = new Writer();
            writer.start();
            pipeline.resync(List.of(id("b")));
            pipeline.runUntilCaughtUp(PATIENCE);
            writer.end();
            pipeline.runUntilCaughtUp(PATIENCE);
            assertThat(table(pipeline, "b").copiedRows()).isGreaterThan(copied);
            assertThat(table(pipeline, "a").copiedRows()).isEqualTo(10);
            lab.assertMirrored("a");
            lab.assertMirrored("b");
        }
    }

    /** Changes both tables, also in one transaction, until told to end. */
    private final class Writer extends Thread {

        private volatile boolean ending;
        private volatile Exception failure;

        @Override
        public void run() {
            try {
                for (int i = 1000; !ending; i++) {
                    lab.sql(
                            "BEGIN; INSERT INTO a VALUES (" + i + ", NULL); UPDATE b SET name = 'w" + i
                                    + "' WHERE id % 997 = " + i % 997 + "; COMMIT",
                            "DELETE FROM b WHERE id = " + i,
                            "INSERT INTO b VALUES (" + (i + 1_000_000) + ", 'new')");
                }
            } catch (Exception e) {
                failure = e;
            }
        }

        void end() throws Exception {
            ending = true;
            join();
            assertThat(failure).isNull();
        }
    }

    @Test
    void the_others_commit_while_a_copy_waits_for_its_snapshot() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.duringLongTransaction(() -> {
                pipeline.resync(List.of(id("b")));
                awaitState(pipeline, "b", TableState.COPYING);
                lab.sql("INSERT INTO a VALUES (20, NULL)", "INSERT INTO b VALUES (20, 'later')");
                await(() -> lab.assertMirrored("a"));
                assertThat(table(pipeline, "b").state()).isEqualTo(TableState.COPYING);
            });
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_full_memory_buffer_makes_the_others_wait_and_is_told() throws Exception {
        fillWhileCopying(MemoryBuffer.bounded(1 << 20));
    }

    @Test
    void a_full_disk_buffer_makes_the_others_wait_and_is_told() throws Exception {
        fillWhileCopying(DiskBuffer.builder(directory.resolve("buffer"))
                .segmentBytes(128 << 10)
                .limitBytes(1 << 20)
                .build());
    }

    private void fillWhileCopying(ChangeBuffer buffer) throws Exception {
        lab.sql("CREATE TABLE wide (id int PRIMARY KEY, pad text)");
        PipelineBuilder builder = lab.pipeline("public.wide", "public.b").buffer(buffer);
        try (Pipeline pipeline = builder.start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.duringLongTransaction(() -> {
                pipeline.resync(List.of(id("b")));
                awaitState(pipeline, "b", TableState.COPYING);
                for (int i = 0; i < 40; i++) {
                    lab.sql("INSERT INTO wide SELECT 1000 * " + i
                            + " + i, repeat('x', 2000) FROM generate_series(1, 50) i");
                }
                lab.sql("UPDATE b SET name = 'meanwhile'");
                await(() -> assertThat(table(pipeline, "b").reason()).contains("the buffer is full"));
            });
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("wide");
            lab.assertMirrored("b");
            assertThat(table(pipeline, "b").reason()).isEmpty();
        }
    }

    @Test
    void a_held_table_is_healed() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql("INSERT INTO a VALUES (100, 'infinity')");
            awaitState(pipeline, "a", TableState.HELD);
            lab.sql("UPDATE a SET at = '2026-02-02' WHERE id = 100");
            pipeline.resync(List.of(id("a")));
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("a");
            assertThat(table(pipeline, "a").state()).isEqualTo(TableState.STREAMING);
        }
    }

    @Test
    void a_diverged_table_is_healed() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            Table target = lab.target("b");
            target.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
            lab.sql("UPDATE b SET name = 'not there any more'");
            awaitState(pipeline, "b", TableState.DIVERGED);
            pipeline.resync(List.of());
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("a");
            lab.assertMirrored("b");
            assertThat(table(pipeline, "b").state()).isEqualTo(TableState.STREAMING);
        }
    }

    @Test
    void a_table_that_was_created_again_is_copied_by_itself_where_that_is_wanted() throws Exception {
        PipelineBuilder builder = lab.pipeline("public.a", "public.b").resync(ResyncPolicy.AUTO);
        try (Pipeline pipeline = builder.start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql("BEGIN; DROP TABLE b; CREATE TABLE b (id int PRIMARY KEY, name text); COMMIT");
            lab.sql("INSERT INTO b VALUES (1, 'another')");
            await(() -> lab.assertMirrored("b"));
            lab.sql("INSERT INTO b VALUES (2, 'and more')");
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_stop_in_the_middle_leaves_the_old_content_and_the_next_start_copies_again() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.duringLongTransaction(() -> {
                pipeline.resync(List.of(id("b")));
                awaitState(pipeline, "b", TableState.COPYING);
                long snapshot = lab.target("b").currentSnapshot().snapshotId();
                lab.sql("UPDATE b SET name = 'stopped'");
                pipeline.stop(Pipeline.DEFAULT_STOP_TIMEOUT);
                assertThat(lab.target("b").currentSnapshot().snapshotId()).isEqualTo(snapshot);
            });
        }
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            assertThat(table(pipeline, "b").copiedRows()).isEqualTo(10);
            assertThat(table(pipeline, "a").copiedRows()).isZero();
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_wish_while_it_does_not_run_is_noted_for_the_next_start() throws Exception {
        PipelineBuilder none = lab.pipeline("public.a", "public.b");
        assertThatThrownBy(() -> none.markForResync(List.of()))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISSING));
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.sql("INSERT INTO a VALUES (59, NULL)");
            pipeline.runUntilCaughtUp(PATIENCE);
            assertThatThrownBy(() -> lab.pipeline("public.a", "public.b").markForResync(List.of()))
                    .hasMessageContaining("PHI-1009");
        }
        assertThatThrownBy(() -> lab.pipeline("public.a", "public.b").markForResync(List.of(id("c"))))
                .hasMessageContaining("PHI-1007");
        assertThat(lab.pipeline("public.a", "public.b").markForResync(List.of(id("b"))))
                .containsExactly(id("b"));
        lab.sql("INSERT INTO a VALUES (60, NULL)", "INSERT INTO b VALUES (60, 'down')");
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            assertThat(table(pipeline, "a").copiedRows()).isZero();
            assertThat(table(pipeline, "b").copiedRows()).isEqualTo(11);
            lab.assertMirrored("a");
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_slot_that_was_lost_is_healed_by_copying_everything_again() throws Exception {
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
        }
        lab.sql(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()",
                "INSERT INTO a VALUES (70, NULL)");
        Pipeline lost = lab.pipeline("public.a", "public.b").start();
        lost.awaitStopped();
        assertThat(lost.status().failure().orElseThrow().code()).isEqualTo(ErrorCode.SLOT_LOST);
        lab.pipeline("public.a", "public.b").markForResync(List.of());
        try (Pipeline pipeline = lab.pipeline("public.a", "public.b").start()) {
            pipeline.runUntilCaughtUp(PATIENCE);
            lab.assertMirrored("a");
            lab.assertMirrored("b");
        }
    }

    @Test
    void a_wish_is_refused_for_a_table_of_no_pipeline_and_by_one_at_its_end() throws Exception {
        Pipeline pipeline = lab.pipeline("public.a").start();
        assertThatThrownBy(() -> pipeline.resync(List.of(id("b")))).hasMessageContaining("PHI-1007");
        pipeline.runUntilCaughtUp(PATIENCE);
        pipeline.pause();
        pipeline.resync(List.of(id("a")));
        lab.sql("INSERT INTO a VALUES (80, NULL)");
        pipeline.resume();
        pipeline.runUntilCaughtUp(Duration.ofMinutes(1));
        assertThat(table(pipeline, "a").copiedRows()).isEqualTo(21);
        lab.assertMirrored("a");
        pipeline.stop(Pipeline.DEFAULT_STOP_TIMEOUT);
        assertThatThrownBy(() -> pipeline.resync(List.of())).hasMessageContaining("PHI-6002");
    }
}
