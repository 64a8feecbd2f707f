// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.MirrorLab.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyReport.Verdict;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.Sink;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeSource;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the target of a table without a key loses between the two moments of a round is found, whatever else happens. Errands
 * are run by the thread that verifies: before a round's snapshot of the source, or between it and the target's.
 */
class VerifyRoundsTest {

    private static TestPostgres postgres;
    private static int databases;

    @TempDir
    Path directory;

    private final Queue<Errand> beforeSource = new ArrayDeque<>();
    private final Queue<Errand> beforeTarget = new ArrayDeque<>();
    private MirrorLab lab;

    /** What somebody does meanwhile. */
    @FunctionalInterface
    private interface Errand {
        void run() throws Exception;
    }

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
        lab = new MirrorLab(postgres, "rounds" + ++databases, directory);
    }

    @AfterEach
    void close() throws Exception {
        lab.close();
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
    }

    private Pipeline pipeline(TableId table) throws Exception {
        ChangeSource real = lab.source(table.toString()).build();
        ChangeSource source = new ChangeSource() {
            @Override
            public String description() {
                return real.description();
            }

            @Override
            public AttachedSource attach(String name) {
                return hooked(AttachedSource.class, real.attach(name), "copy", beforeSource);
            }
        };
        Sink lake = IcebergSink.builder(lab.catalog())
                .namespace(MirrorLab.NAMESPACE)
                .build();
        Pipeline pipeline = Philotes.source(source)
                .name(lab.database())
                .commitInterval(Duration.ofMillis(300))
                .schemaLookInterval(Duration.ofMillis(500))
                .sink(hooked(Sink.class, lake, "audit", beforeTarget))
                .start();
        settle(pipeline);
        return pipeline;
    }

    /** The next errand, if there is one, goes before each call of the method. */
    private static <T> T hooked(Class<T> contract, T real, String method, Queue<Errand> errands) {
        return contract.cast(Proxy.newProxyInstance(
                contract.getClassLoader(), new Class<?>[] {contract}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method) && !errands.isEmpty()) {
                        errands.remove().run();
                    }
                    try {
                        return called.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void assertOneIsMissing(Pipeline pipeline, TableId table) throws Exception {
        VerifyReport.Table report =
                pipeline.verify(VerifyRequest.of(List.of(table))).tables().get(0);
        assertThat(beforeSource).isEmpty();
        assertThat(beforeTarget).isEmpty();
        assertThat(report.verdict()).as(report.toString()).isEqualTo(Verdict.DIFFERENT);
        assertThat(List.of(report.missing(), report.extra(), report.different()))
                .containsExactly(1L, 0L, 0L);
    }

    @Test
    void a_definition_that_changed_between_two_rounds_hides_no_row() throws Exception {
        TableId table = new TableId("public", "tags");
        lab.sql(
                "CREATE TABLE tags (tag text, weight double precision)",
                "ALTER TABLE tags REPLICA IDENTITY FULL",
                "INSERT INTO tags SELECT 'tag ' || i % 7, i % 3 FROM generate_series(1, 200) i");
        try (Pipeline pipeline = pipeline(table)) {
            beforeTarget.add(() -> {
                lab.sql("UPDATE tags SET weight = 99 WHERE ctid = (SELECT min(ctid) FROM tags)");
                pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
                OtherWriter.deleteRow(lab.target(table).orElseThrow(), "weight", 99.0);
            });
            beforeSource.add(() -> {
                // The first round begins.
            });
            beforeSource.add(() -> {
                lab.sql("ALTER TABLE tags ADD COLUMN more int", "INSERT INTO tags VALUES ('new', 1, 1)");
                pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
            });
            assertOneIsMissing(pipeline, table);
        }
    }

    @Test
    void a_row_whose_long_value_was_not_sent_again_is_followed() throws Exception {
        TableId table = new TableId("public", "notes");
        lab.sql(
                "CREATE TABLE notes (n int, body text)",
                "ALTER TABLE notes ALTER COLUMN body SET STORAGE EXTERNAL",
                "ALTER TABLE notes REPLICA IDENTITY FULL",
                "INSERT INTO notes SELECT i, repeat('body ' || i, 2000) FROM generate_series(1, 20) i");
        try (Pipeline pipeline = pipeline(table)) {
            beforeTarget.add(() -> {
                lab.sql("UPDATE notes SET n = 100 WHERE n = 5");
                pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
                OtherWriter.deleteRow(lab.target(table).orElseThrow(), "n", 100);
            });
            assertOneIsMissing(pipeline, table);
        }
    }

    /** Of a table that was emptied meanwhile nothing is known, and the next round looks again. */
    @Test
    void a_truncate_between_the_two_moments_raises_no_alarm_and_hides_no_row() throws Exception {
        TableId table = new TableId("public", "counts");
        lab.sql("CREATE TABLE counts (id int PRIMARY KEY)", "INSERT INTO counts SELECT generate_series(1, 200)");
        try (Pipeline pipeline = pipeline(table)) {
            Errand refill = () -> {
                lab.sql("TRUNCATE counts", "INSERT INTO counts SELECT generate_series(101, 300)");
                pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
            };
            beforeTarget.add(refill);
            VerifyReport equal = pipeline.verify(VerifyRequest.of(List.of(table)));
            assertThat(beforeTarget).isEmpty();
            assertThat(equal.tables().get(0).verdict()).as(equal.toString()).isEqualTo(Verdict.EQUAL);
            beforeTarget.add(() -> {
                refill.run();
                OtherWriter.deleteRow(lab.target(table).orElseThrow(), "id", 150);
            });
            assertOneIsMissing(pipeline, table);
        }
    }
}
