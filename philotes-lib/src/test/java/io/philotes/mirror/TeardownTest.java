// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.MirrorLab.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.ParkedChange;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TeardownReport;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.PostgresCluster;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that is taken away leaves nothing that does harm, and nobody else's things are touched. */
class TeardownTest {

    private static final TableId ORDERS = new TableId("public", "orders");

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
        lab = new MirrorLab(postgres, "down" + ++databases, directory);
        lab.sql(
                "CREATE TABLE orders (id int PRIMARY KEY, name text)",
                "INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, 10) i");
    }

    @AfterEach
    void close() throws Exception {
        lab.close();
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
    }

    private PipelineBuilder builder() {
        return lab.pipeline("public.orders");
    }

    /** The same pipeline with a source that nobody answers for. */
    private PipelineBuilder away() {
        return Philotes.source(PostgresSource.builder("jdbc:postgresql://localhost:1/" + lab.database())
                        .credentials("postgres", "postgres")
                        .tables("public.orders")
                        .sslMode(SslMode.DISABLE)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build())
                .name(lab.database())
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .sink(IcebergSink.builder(lab.catalog())
                        .namespace(MirrorLab.NAMESPACE)
                        .build());
    }

    private void runOnce() throws Exception {
        try (Pipeline pipeline = builder().start()) {
            settle(pipeline);
        }
    }

    /** The walsender lets go of the slot a moment after its client has gone. */
    private void dropIdleSlot(String slot) throws Exception {
        String there = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
        while (!lab.value(there).equals("0")) {
            lab.sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + slot
                    + "' AND NOT active");
        }
    }

    private String slots() throws Exception {
        return lab.value("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()");
    }

    private String publications() throws Exception {
        return lab.value("SELECT count(*) FROM pg_publication");
    }

    private static void assertRefused(ErrorCode code, PipelineBuilder builder) {
        assertThatThrownBy(builder::teardown)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void everything_goes_but_the_lake_and_a_second_time_does_nothing() throws Exception {
        runOnce();
        TeardownReport report = builder().teardown();
        assertThat(report.isComplete()).as("%s", report.left()).isTrue();
        assertThat(report.removed())
                .contains("replication slot philotes_" + lab.database())
                .anyMatch(text -> text.startsWith("the checkpoint"));
        assertThat(slots()).isEqualTo("0");
        assertThat(publications()).isEqualTo("0");
        assertThat(FileCheckpointStore.at(directory.resolve("state")).load(lab.database()))
                .isEmpty();
        lab.assertMirrored(ORDERS);
        assertThat(builder().teardown().isComplete()).isTrue();
    }

    @Test
    void dead_letters_stay_unless_they_are_named() throws Exception {
        runOnce();
        DeadLetter.Id id = new DeadLetter.Id(lab.database(), "sink", ORDERS, new SequenceNumber(new Lsn(1), 0));
        try (FileDeadLetterQueue queue = letters()) {
            queue.open(lab.database());
            queue.add(List.of(ParkedChange.rejected(
                    id, new TreeSet<>(Set.of("k")), "PHI-5001", "why", new byte[] {1}, Instant.EPOCH)));
        }
        assertThat(builder().deadLetters(letters()).teardown().isComplete()).isTrue();
        assertThat(lettersLeft()).isEqualTo(1);
        TeardownReport report = builder().deadLetters(letters()).teardownWithDeadLetters();
        assertThat(report.removed()).contains("1 dead letters");
        assertThat(lettersLeft()).isZero();
    }

    private FileDeadLetterQueue letters() {
        return FileDeadLetterQueue.at(directory.resolve("letters"));
    }

    private long lettersLeft() {
        try (FileDeadLetterQueue queue = letters()) {
            queue.open(lab.database());
            return queue.count(DeadLetterFilter.ALL);
        }
    }

    @Test
    void a_running_instance_is_left_alone() throws Exception {
        try (Pipeline pipeline = builder().start()) {
            settle(pipeline);
            assertRefused(ErrorCode.BUFFER_IN_USE, builder());
            PipelineBuilder elsewhere = builder().buffer(DiskBuffer.at(directory.resolve("other")));
            assertRefused(ErrorCode.SLOT_IN_USE, elsewhere);
            lab.sql("INSERT INTO orders VALUES (11, 'still')");
            settle(pipeline);
            lab.assertMirrored(ORDERS);
        }
    }

    @Test
    void a_slot_that_nothing_says_is_ours_is_left_alone() throws Exception {
        lab.sql("SELECT pg_create_logical_replication_slot('philotes_" + lab.database() + "', 'pgoutput')");
        assertRefused(ErrorCode.CHECKPOINT_MISSING, builder());
        assertThat(slots()).isEqualTo("1");
    }

    @Test
    void a_slot_of_another_database_is_left_alone() throws Exception {
        runOnce();
        dropIdleSlot("philotes_" + lab.database());
        postgres.execute("SELECT pg_create_logical_replication_slot('philotes_" + lab.database() + "', 'pgoutput')");
        assertRefused(ErrorCode.INVALID_CONFIGURATION, builder());
    }

    @Test
    void copying_everything_again_leaves_a_slot_of_another_database_alone() throws Exception {
        runOnce();
        String slot = "philotes_" + lab.database();
        dropIdleSlot(slot);
        postgres.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        assertNothingMarked(ErrorCode.INVALID_CONFIGURATION, builder());
        String elsewhere = lab.database() + "_b";
        postgres.createDatabase(elsewhere);
        postgres.execute("SELECT pg_drop_replication_slot('" + slot + "')");
        try (Connection connection = postgres.connect(elsewhere);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id int PRIMARY KEY, name text)");
            statement.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        }
        assertNothingMarked(ErrorCode.SOURCE_REWOUND, at(postgres.url(elsewhere), "other"));
    }

    private void assertNothingMarked(ErrorCode code, PipelineBuilder builder) throws Exception {
        Checkpoint before = checkpoint();
        assertThatThrownBy(() -> builder.markForResync(List.of()))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(checkpoint()).isEqualTo(before);
        assertThat(lab.value("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'philotes_" + lab.database()
                        + "'"))
                .isEqualTo("1");
    }

    private Checkpoint checkpoint() {
        return FileCheckpointStore.at(directory.resolve("state"))
                .load(lab.database())
                .orElseThrow();
    }

    @Test
    void a_publication_that_a_person_keeps_stays() throws Exception {
        lab.sql("CREATE PUBLICATION kept FOR TABLE orders WITH (publish_via_partition_root)");
        try (Pipeline pipeline = lab.pipeline(lab.source("public.orders").existingPublication("kept"), sink -> sink)
                .start()) {
            settle(pipeline);
        }
        TeardownReport report = lab.pipeline(lab.source("public.orders").existingPublication("kept"), sink -> sink)
                .teardown();
        assertThat(report.isComplete()).isTrue();
        assertThat(slots()).isEqualTo("0");
        assertThat(publications()).isEqualTo("1");
    }

    @Test
    void while_the_source_is_away_the_slot_is_noted_and_dropped_later() throws Exception {
        runOnce();
        TeardownReport report = away().teardown();
        assertThat(report.isComplete()).isFalse();
        assertThat(report.left()).singleElement().asString().contains("does not answer", "keeps WAL");
        assertThat(FileCheckpointStore.at(directory.resolve("state")).load(lab.database()))
                .isEmpty();
        assertThat(slots()).isEqualTo("1");
        assertThat(away().teardown().isComplete()).isFalse();
        report = builder().teardown();
        assertThat(report.isComplete()).isTrue();
        assertThat(slots()).isEqualTo("0");
        assertThat(publications()).isEqualTo("0");
        assertRefused(ErrorCode.SOURCE_UNREACHABLE, away());
    }

    @Test
    void the_next_start_drops_a_slot_that_was_noted_and_begins_anew() throws Exception {
        runOnce();
        away().teardown();
        lab.targets()
                .forEach(table -> lab.catalog()
                        .dropTable(org.apache.iceberg.catalog.TableIdentifier.parse(
                                table.name().substring(table.name().indexOf('.') + 1))));
        assertThat(builder().check().findings()).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        runOnce();
        lab.assertMirrored(ORDERS);
        assertThat(builder().teardown().isComplete()).isTrue();
    }

    /** The same pipeline, at a server that has nothing of it but a publication of the same name. */
    private PipelineBuilder at(String url, String namespace) {
        return Philotes.source(PostgresSource.builder(url)
                        .credentials("postgres", "postgres")
                        .tables("public.orders")
                        .sslMode(SslMode.DISABLE)
                        .build())
                .name(lab.database())
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .sink(IcebergSink.builder(lab.catalog()).namespace(namespace).build());
    }

    private PostgresCluster otherServer() throws Exception {
        PostgresCluster other = PostgresCluster.startOtherSystem(directory.resolve("server"));
        other.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, name text)",
                "CREATE PUBLICATION philotes_" + lab.database() + " FOR TABLE orders");
        return other;
    }

    @Test
    void at_another_server_nothing_is_removed_there_or_here() throws Exception {
        runOnce();
        try (PostgresCluster other = otherServer()) {
            assertRefused(ErrorCode.SOURCE_REWOUND, at(other.url(), "other"));
            assertThat(other.value("SELECT count(*) FROM pg_publication")).isEqualTo("1");
        }
        TeardownReport report = builder().teardown();
        assertThat(report.removed())
                .contains("replication slot philotes_" + lab.database())
                .anyMatch(text -> text.startsWith("the checkpoint"));
        assertThat(slots()).isEqualTo("0");
    }

    @Test
    void a_life_at_another_server_does_not_forget_the_slot_that_was_noted() throws Exception {
        runOnce();
        assertThat(away().teardown().isComplete()).isFalse();
        try (PostgresCluster other = otherServer()) {
            assertRefused(ErrorCode.SOURCE_REWOUND, at(other.url(), "other"));
            for (int start = 1; start <= 2; start++) {
                try (Pipeline pipeline = at(other.url(), "other").start()) {
                    settle(pipeline);
                }
            }
            assertThat(other.value("SELECT count(*) FROM pg_publication")).isEqualTo("1");
            TeardownReport report = at(other.url(), "other").teardown();
            assertThat(report.left()).singleElement().asString().contains("system identifier");
            assertThat(other.value("SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
        }
        assertThat(slots()).isEqualTo("1");
        assertThat(builder().teardown().isComplete()).isTrue();
        assertThat(slots()).isEqualTo("0");
    }
}
