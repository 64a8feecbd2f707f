// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.MirrorLab.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.Philotes;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.RowPolicy;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyReport.Kind;
import io.philotes.pipeline.VerifyReport.Row;
import io.philotes.pipeline.VerifyReport.Verdict;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.Sink;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.Mask;
import io.philotes.source.postgres.TableRules;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Table;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verify finds what differs, all of it, and nothing else. */
class VerifyTest {

    private static final TableId ORDERS = new TableId("public", "orders");
    private static final TableId TAGS = new TableId("public", "tags");

    private static TestPostgres postgres;
    private static int databases;

    @TempDir
    Path directory;

    private MirrorLab lab;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void open() throws Exception {
        lab = new MirrorLab(postgres, "verify" + ++databases, directory);
        lab.sql(
                "CREATE TABLE orders (id int PRIMARY KEY, name text, amount numeric(12,2), at timestamptz, tags text[])",
                "CREATE TABLE tags (tag text, weight double precision)",
                "ALTER TABLE tags REPLICA IDENTITY FULL",
                "INSERT INTO orders SELECT i, 'order ' || i, i / 4.0, now(), ARRAY['a', NULL, 'b' || i]"
                        + " FROM generate_series(1, 2000) i",
                "INSERT INTO tags SELECT 'tag ' || i % 7, i % 3 FROM generate_series(1, 200) i");
    }

    @AfterEach
    void close() throws Exception {
        lab.close();
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
    }

    private Pipeline pipeline(UnaryOperator<IcebergSinkBuilder> options) throws Exception {
        Pipeline pipeline = lab.pipeline(lab.source("public.orders", "public.tags"), options)
                .start();
        settle(pipeline);
        return pipeline;
    }

    private Table target(TableId table) throws Exception {
        return lab.target(table).orElseThrow();
    }

    private static VerifyReport.Table verify(Pipeline pipeline, TableId table) throws Exception {
        return verify(pipeline, VerifyRequest.of(List.of(table)));
    }

    private static VerifyReport.Table verify(Pipeline pipeline, VerifyRequest request) throws Exception {
        VerifyReport report = pipeline.verify(request);
        assertThat(report.tables()).hasSize(1);
        return report.tables().get(0);
    }

    private void assertNoSlotLeft() throws Exception {
        Awaitility.await()
                .atMost(MirrorLab.PATIENCE)
                .until(() -> lab.value("SELECT count(*) FROM pg_replication_slots WHERE temporary")
                        .equals("0"));
    }

    @Test
    void equal_tables_are_equal() throws Exception {
        try (Pipeline pipeline = pipeline(sink -> sink)) {
            VerifyReport report = pipeline.verify(VerifyRequest.of(List.of()));
            assertThat(report.tables()).extracting(VerifyReport.Table::verdict).containsOnly(Verdict.EQUAL);
            assertThat(report.tables()).extracting(VerifyReport.Table::rows).containsExactly(2000L, 200L);
            lab.sql(
                    "UPDATE orders SET amount = 0 WHERE id % 10 = 0",
                    "DELETE FROM orders WHERE id < 10",
                    "DELETE FROM tags WHERE ctid IN (SELECT ctid FROM tags LIMIT 5)");
            report = pipeline.verify(VerifyRequest.of(List.of()));
            assertThat(report.tables()).extracting(VerifyReport.Table::verdict).containsOnly(Verdict.EQUAL);
            assertThat(report.tables()).extracting(VerifyReport.Table::rows).containsExactly(1991L, 195L);
            assertNoSlotLeft();
        }
    }

    @Test
    void each_row_that_differs_is_named_and_no_value_is_told() throws Exception {
        try (Pipeline pipeline = pipeline(sink -> sink)) {
            spoil();
            VerifyReport.Table report = verify(pipeline, ORDERS);
            assertThat(report.verdict()).isEqualTo(Verdict.DIFFERENT);
            assertThat(report.examples())
                    .containsExactlyInAnyOrder(
                            new Row(Kind.MISSING, "id=3", "", ""),
                            new Row(Kind.DIFFERENT, "id=5", "", ""),
                            new Row(Kind.EXTRA, "id=99999", "", ""));
            assertThat(List.of(report.missing(), report.extra(), report.different()))
                    .containsOnly(1L);
        }
    }

    private void spoil() throws Exception {
        OtherWriter.deleteRow(target(ORDERS), "id", 3);
        OtherWriter.changeRow(target(ORDERS), "id", 5, "name", "spoilt");
        OtherWriter.append(target(ORDERS), 99999, "theirs", null, null, null);
    }

    @Test
    void values_are_told_to_who_asks() throws Exception {
        try (Pipeline pipeline = pipeline(sink -> sink)) {
            OtherWriter.changeRow(target(ORDERS), "id", 5, "name", "spoilt");
            VerifyReport.Table report =
                    verify(pipeline, VerifyRequest.of(List.of(ORDERS)).withAllValues());
            assertThat(report.examples()).singleElement().satisfies(row -> {
                assertThat(row.source()).contains("name=order 5").contains("amount=1.25");
                assertThat(row.target()).contains("name=spoilt").contains("amount=1.25");
            });
        }
    }

    @Test
    void only_so_many_are_listed_and_all_are_counted() throws Exception {
        try (Pipeline pipeline = pipeline(sink -> sink)) {
            OtherWriter.deleteEverything(target(ORDERS));
            VerifyReport.Table report =
                    verify(pipeline, VerifyRequest.of(List.of(ORDERS)).maxListed(7));
            assertThat(report.missing()).isEqualTo(2000);
            assertThat(report.examples()).hasSize(7);
        }
    }

    @Test
    void rows_without_a_key_are_compared_as_often_as_they_are_there() throws Exception {
        try (Pipeline pipeline = pipeline(sink -> sink)) {
            OtherWriter.append(target(TAGS), "tag 1", 1.0);
            VerifyReport.Table report = verify(pipeline, TAGS);
            assertThat(report.verdict()).isEqualTo(Verdict.DIFFERENT);
            assertThat(report.different()).isEqualTo(1);
            assertThat(report.examples())
                    .singleElement()
                    .satisfies(row -> assertThat(row.key()).startsWith("row #"));
        }
    }

    @Test
    void deleted_rows_that_stay_are_none() throws Exception {
        try (Pipeline pipeline = pipeline(IcebergSinkBuilder::withSoftDelete)) {
            lab.sql("DELETE FROM orders WHERE id % 3 = 0", "DELETE FROM tags WHERE weight = 1");
            VerifyReport report = pipeline.verify(VerifyRequest.of(List.of()));
            assertThat(report.tables()).extracting(VerifyReport.Table::verdict).containsOnly(Verdict.EQUAL);
            spoilSoftly();
            assertThat(verify(pipeline, ORDERS).examples()).containsExactly(new Row(Kind.MISSING, "id=4", "", ""));
        }
    }

    private void spoilSoftly() throws Exception {
        OtherWriter.deleteRow(target(ORDERS), "id", 4);
    }

    @Test
    void left_out_and_masked_columns_and_filtered_rows_are_compared_as_they_are_mirrored() throws Exception {
        var source = lab.source("public.orders", "public.tags")
                .table(
                        ORDERS,
                        TableRules.none().where("id % 2 = 0").exclude("at").mask("name", Mask.SHA256));
        try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
            settle(pipeline);
            lab.sql("UPDATE orders SET name = 'other' WHERE id < 50");
            VerifyReport.Table report = verify(pipeline, ORDERS);
            assertThat(report.verdict()).isEqualTo(Verdict.EQUAL);
            assertThat(report.rows()).isEqualTo(1000);
        }
    }

    @Test
    void a_row_that_was_set_aside_is_told_as_such() throws Exception {
        try (Pipeline pipeline = lab.pipeline(
                        lab.source("public.orders", "public.tags"),
                        sink -> sink.table(ORDERS, TableOptions.DEFAULTS.type("amount", "decimal(8,2)")))
                .rowPolicy(RowPolicy.DEAD_LETTER)
                .deadLetters(FileDeadLetterQueue.at(directory.resolve("letters")))
                .start()) {
            settle(pipeline);
            lab.sql(
                    "UPDATE orders SET amount = 1234567890 WHERE id = 7",
                    "INSERT INTO orders VALUES (5000, 'new', 1234567890)");
            OtherWriter.deleteRow(target(ORDERS), "id", 8);
            VerifyReport.Table report = verify(pipeline, ORDERS);
            assertThat(report.examples())
                    .containsExactlyInAnyOrder(
                            new Row(Kind.PARKED, "id=7", "", ""),
                            new Row(Kind.PARKED, "id=5000", "", ""),
                            new Row(Kind.MISSING, "id=8", "", ""));
            assertThat(report.parked()).isEqualTo(2);
        }
    }

    @Test
    void a_history_and_a_table_that_waits_are_named_and_not_compared() throws Exception {
        try (Pipeline pipeline = pipeline(sink -> sink.table(ORDERS, TableOptions.DEFAULTS.mode(WriteMode.APPEND)))) {
            assertThat(verify(pipeline, ORDERS).verdict()).isEqualTo(Verdict.NOT_COMPARABLE);
            target(TAGS).manageSnapshots();
            lab.catalog().dropTable(org.apache.iceberg.catalog.TableIdentifier.of(MirrorLab.NAMESPACE, "tags"));
            VerifyReport.Table gone = verify(pipeline, TAGS);
            assertThat(gone.verdict()).isEqualTo(Verdict.NOT_COMPARED);
            assertThat(gone.reason()).contains("does not exist");
            assertThatThrownBy(() -> verify(pipeline, new TableId("public", "unknown")))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_MISSING));
            assertNoSlotLeft();
        }
    }

    @Test
    void one_that_stands_by_does_not_say_that_nothing_differs() throws Exception {
        try (Pipeline first = inMemory()) {
            settle(first);
            try (Pipeline second = inMemory()) {
                Awaitility.await()
                        .atMost(MirrorLab.PATIENCE)
                        .until(() -> second.status().state() == PipelineState.STANDBY);
                assertThatThrownBy(() -> second.verify(VerifyRequest.of(List.of())))
                        .isInstanceOfSatisfying(
                                PhilotesException.class,
                                e -> assertThat(e.code())
                                        .as("it may be looking again")
                                        .isIn(ErrorCode.SLOT_IN_USE, ErrorCode.NOT_RUNNING));
            }
        }
    }

    private Pipeline inMemory() {
        return Philotes.source(lab.source("public.orders").build())
                .name(lab.database())
                .sink(IcebergSink.builder(lab.catalog())
                        .namespace(MirrorLab.NAMESPACE)
                        .build())
                .start();
    }

    @Test
    void a_change_that_was_lost_while_the_two_were_compared_is_found_in_the_next_round() throws Exception {
        Sink real = IcebergSink.builder(lab.catalog())
                .namespace(MirrorLab.NAMESPACE)
                .build();
        AtomicBoolean once = new AtomicBoolean();
        AtomicReference<Pipeline> running = new AtomicReference<>();
        Sink losing = (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("audit") && !once.getAndSet(true)) {
                        loseOneChange(running.get());
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        try (Pipeline pipeline = Philotes.source(lab.source("public.orders").build())
                .name(lab.database())
                .commitInterval(Duration.ofMillis(300))
                .sink(losing)
                .start()) {
            running.set(pipeline);
            settle(pipeline);
            VerifyReport.Table report = verify(pipeline, ORDERS);
            assertThat(report.verdict()).isEqualTo(Verdict.DIFFERENT);
            assertThat(report.examples()).containsExactly(new Row(Kind.DIFFERENT, "id=5", "", ""));
        }
        assertThat(once).isTrue();
    }

    /** After the source's snapshot, and before the target's. */
    private void loseOneChange(Pipeline pipeline) throws Exception {
        lab.sql("UPDATE orders SET name = 'changed' WHERE id = 5");
        pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
        OtherWriter.changeRow(target(ORDERS), "id", 5, "name", "order 5");
    }

    @Test
    void a_writer_raises_no_false_alarm_and_hides_no_difference() throws Exception {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        try (Pipeline pipeline = pipeline(sink -> sink)) {
            Writer writer = new Writer(seed);
            writer.start();
            try {
                for (int i = 0; i < 4; i++) {
                    assertNothingDiffers(pipeline, seed);
                }
                OtherWriter.deleteRow(target(ORDERS), "id", 1999);
                VerifyReport.Table report = verify(pipeline, ORDERS);
                assertThat(report.examples())
                        .as("seed %s, %s", seed, report)
                        .containsExactly(new Row(Kind.MISSING, "id=1999", "", ""));
            } finally {
                writer.end();
            }
        }
    }

    private static void assertNothingDiffers(Pipeline pipeline, long seed) throws Exception {
        VerifyReport report = pipeline.verify(VerifyRequest.of(List.of()));
        assertThat(report.tables()).allSatisfy(table -> {
            assertThat(table.examples()).as("seed %s, %s", seed, table).isEmpty();
            assertThat(table.verdict()).as("seed %s", seed).isIn(Verdict.EQUAL, Verdict.UNDECIDED);
        });
    }

    /** Changes rows with ids below 1900 and all tags, and some of them all the time. */
    private final class Writer extends Thread {

        private final Random random;
        private volatile boolean ending;
        private volatile Exception failure;

        Writer(long seed) {
            random = new Random(seed);
        }

        @Override
        public void run() {
            try (Connection connection = postgres.connect(lab.database());
                    Statement statement = connection.createStatement()) {
                while (!ending) {
                    statement.execute(next());
                }
            } catch (Exception e) {
                failure = e;
            }
        }

        private String next() {
            int id = random.nextInt(1, 1900);
            return switch (random.nextInt(6)) {
                case 0 -> "DELETE FROM orders WHERE id = " + id;
                case 1 -> "INSERT INTO orders VALUES (" + id + ", 'again', 1) ON CONFLICT DO NOTHING";
                case 2 -> "UPDATE orders SET amount = amount + 1 WHERE id = " + id % 5;
                case 3 ->
                    "UPDATE orders SET id = id + 10000 WHERE id = " + id
                            + " AND NOT EXISTS (SELECT FROM orders WHERE id = " + (id + 10000) + ")";
                case 4 ->
                    "UPDATE tags SET weight = " + random.nextInt(3) + " WHERE ctid = (SELECT min(ctid) FROM tags)";
                default -> "UPDATE orders SET name = name || 'x' WHERE id BETWEEN " + id + " AND " + (id + 5);
            };
        }

        void end() throws Exception {
            ending = true;
            join();
            assertThat(failure).isNull();
        }
    }
}
