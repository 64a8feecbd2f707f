// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.PipelineBuilder;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.TableState;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.Mask;
import io.philotes.source.postgres.TableRules;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that copies a table again takes a row from its history, and by the guide its rows come to those of the source. */
class HistoryResyncTest {

    private static final TableId LOG = new TableId("public", "log");
    private static final List<String> COLUMNS =
            List.of("id", "v", "_cdc_operation", "_cdc_lsn", "_cdc_ordinal", "_cdc_transaction_id");

    private static TestPostgres postgres;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    Path directory;

    private MirrorLab lab;

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
        lab = new MirrorLab(postgres, "history_" + DATABASES.incrementAndGet(), directory);
        lab.sql(
                "CREATE TABLE log (id int PRIMARY KEY, v text)",
                "INSERT INTO log SELECT i, 'first' FROM generate_series(1, 5) i");
    }

    @AfterEach
    void close() throws Exception {
        lab.close();
    }

    private PipelineBuilder pipeline() {
        return pipeline(rules -> rules);
    }

    private PipelineBuilder pipeline(UnaryOperator<TableRules> rules) {
        return lab.pipeline(
                lab.source("public.log").table(LOG, rules.apply(TableRules.none())),
                sink -> sink.mode(WriteMode.APPEND));
    }

    private List<List<String>> history() throws Exception {
        return lab.rows(LOG, COLUMNS);
    }

    /** What the guide tells readers to do. */
    private void assertReplayed() throws Exception {
        TreeMap<Integer, String> rows = new TreeMap<>();
        history().stream()
                .sorted(Comparator.comparing((List<String> row) -> row.get(3))
                        .thenComparingLong(row -> row.get(4) == null ? -1 : Long.parseLong(row.get(4))))
                .forEach(row -> {
                    switch (row.get(2)) {
                        case "truncate" -> rows.clear();
                        case "delete" -> rows.remove(Integer.valueOf(row.get(0)));
                        default -> rows.put(Integer.valueOf(row.get(0)), row.get(1));
                    }
                });
        TreeMap<Integer, String> source = new TreeMap<>();
        lab.sourceRows("SELECT id, v FROM log").forEach(row -> source.put(Integer.valueOf(row.get(0)), row.get(1)));
        assertThat(rows).isEqualTo(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEFAULT", "FULL"})
    void a_row_that_gets_another_key_leaves_the_old_one(String identity) throws Exception {
        lab.sql("ALTER TABLE log REPLICA IDENTITY " + identity);
        try (Pipeline pipeline = pipeline().start()) {
            MirrorLab.settle(pipeline);
            lab.sql(
                    "UPDATE log SET id = 30 WHERE id = 3",
                    "BEGIN; UPDATE log SET id = 10 WHERE id = 1; UPDATE log SET id = 1, v = 'was 2' WHERE id = 2; COMMIT",
                    "UPDATE log SET v = 'stays' WHERE id = 4",
                    "DELETE FROM log WHERE id = 30");
            MirrorLab.settle(pipeline);
            assertReplayed();
        }
    }

    private List<List<String>> followSomeChanges() throws Exception {
        try (Pipeline pipeline = pipeline().start()) {
            MirrorLab.settle(pipeline);
            lab.sql("UPDATE log SET v = 'second' WHERE id < 3", "DELETE FROM log WHERE id = 5");
            MirrorLab.settle(pipeline);
        }
        assertReplayed();
        List<List<String>> before = history();
        assertThat(before).hasSize(8);
        return before;
    }

    private long copies() throws Exception {
        return history().stream()
                .filter(row -> row.get(2).equals("insert") && row.get(5) == null)
                .map(row -> row.get(3))
                .distinct()
                .count();
    }

    @Test
    void not_an_order_to_copy_all_tables_again() throws Exception {
        List<List<String>> before = followSomeChanges();
        try (Pipeline pipeline = pipeline().start()) {
            MirrorLab.settle(pipeline);
            pipeline.resync(List.of());
            pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
            lab.sql("INSERT INTO log VALUES (6, 'third')", "DELETE FROM log WHERE id = 1");
            MirrorLab.settle(pipeline);
            assertThat(history()).containsAll(before);
            assertThat(copies()).isEqualTo(2);
            assertReplayed();
        }
    }

    @Test
    void not_a_copy_that_no_change_followed() throws Exception {
        List<List<String>> before = followSomeChanges();
        try (Pipeline pipeline = pipeline().start()) {
            MirrorLab.settle(pipeline);
            for (int copies = 2; copies < 5; copies++) {
                pipeline.resync(List.of(LOG));
                pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
                assertThat(copies()).isEqualTo(copies);
            }
            assertThat(history()).containsAll(before);
        }
        pipeline().markForResync(List.of());
        try (Pipeline pipeline = pipeline().start()) {
            MirrorLab.settle(pipeline);
            assertThat(copies()).isEqualTo(5);
            assertReplayed();
        }
    }

    @Test
    void not_the_recovery_of_a_lost_slot_and_what_was_deleted_meanwhile_is_gone_for_readers() throws Exception {
        List<List<String>> before = followSomeChanges();
        assertThat(pipeline().markForResync(List.of())).containsExactly(LOG);
        lab.sql("DELETE FROM log WHERE id = 2");
        try (Pipeline pipeline = pipeline().start()) {
            MirrorLab.settle(pipeline);
            assertThat(history()).containsAll(before);
            assertThat(copies()).isEqualTo(2);
            assertReplayed();
        }
    }

    @Test
    void not_a_rule_that_changed() throws Exception {
        List<List<String>> before = followSomeChanges();
        try (Pipeline pipeline = pipeline(rules -> rules.mask("v", Mask.NULL)).start()) {
            MirrorLab.settle(pipeline);
            assertThat(history()).containsAll(before);
            assertThat(copies()).isEqualTo(2);
        }
    }

    /** The crash that matters: the copy is in the target, and nobody noted it. */
    @Test
    void and_a_copy_that_was_not_noted_is_not_there_twice() throws Exception {
        List<List<String>> before = followSomeChanges();
        FailingOnce store = new FailingOnce(FileCheckpointStore.at(directory.resolve("state")));
        try (Pipeline pipeline = pipeline().checkpoints(store).start()) {
            MirrorLab.settle(pipeline);
            store.armed = true;
            pipeline.resync(List.of(LOG));
            Awaitility.await().atMost(MirrorLab.PATIENCE).until(() -> store.failed);
            MirrorLab.settle(pipeline);
            lab.sql("INSERT INTO log VALUES (7, 'behind')");
            MirrorLab.settle(pipeline);
            assertThat(history()).containsAll(before);
            assertThat(copies()).isEqualTo(2);
            assertReplayed();
        }
    }

    /** Refuses once to store that the table streams which it knows to be copied. */
    private static final class FailingOnce implements CheckpointStore {

        private final CheckpointStore real;
        private volatile boolean armed;
        private volatile boolean failed;
        private volatile boolean copying;

        FailingOnce(CheckpointStore real) {
            this.real = real;
        }

        @Override
        public Optional<Checkpoint> load(String pipeline) {
            return real.load(pipeline);
        }

        @Override
        public Checkpoint save(String pipeline, Checkpoint checkpoint) {
            TableState state = checkpoint.tables().containsKey(LOG)
                    ? checkpoint.tables().get(LOG).state()
                    : TableState.PENDING;
            copying |= armed && state == TableState.COPYING;
            if (copying && !failed && state == TableState.STREAMING) {
                failed = true;
                throw new PhilotesException(ErrorCode.CHECKPOINT_FAILED, "Cannot store progress: the test says so");
            }
            return real.save(pipeline, checkpoint);
        }

        @Override
        public void remove(String pipeline) {
            real.remove(pipeline);
        }
    }
}
