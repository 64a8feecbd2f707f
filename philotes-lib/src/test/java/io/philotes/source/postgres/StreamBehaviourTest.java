// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.CopyRange;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamBehaviourTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static TestPostgres server;
    private SourceLab lab;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    /** Many databases are much to write: a checkpoint first, for stopping has a time limit of its own. */
    @AfterAll
    static void stop() throws SQLException {
        server.execute("CHECKPOINT");
        server.close();
    }

    @BeforeEach
    void freshDatabase() throws SQLException {
        lab = new SourceLab(server, "stream" + DATABASES.incrementAndGet());
    }

    @AfterEach
    void every_connection_is_given_back() {
        await().until(() ->
                lab.value("SELECT count(*) FROM pg_stat_replication").equals("0"));
        await().until(() -> lab.value("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'philotes%'")
                .equals("0"));
    }

    private static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_copy_command_whose_rows_share_a_position_arrives_once_whatever_batch_is_the_last_before_a_restart()
            throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, filler text)");
        AttachedSource source = lab.started(lab.builder("t").maxBatchBytes(4096));
        Lsn from = lab.confirmed(source);
        lab.sql(
                "INSERT INTO t SELECT g, repeat('x', 50) FROM generate_series(1, 1000) g",
                "DELETE FROM t WHERE id < 4");
        Set<String> once = new HashSet<>();
        Lsn end = lab.walEnd();
        while (from.isBefore(end)) {
            try (ChangeStream stream = source.open(from)) {
                List<ChangeBatch> parts = new ArrayList<>();
                ChangeBatch batch;
                do {
                    batch = stream.poll(Duration.ofSeconds(1));
                    if (batch != null) {
                        parts.add(batch);
                    }
                } while (batch == null || !batch.endsOnBoundary());
                ChangeLines.changes(parts)
                        .forEach(line -> assertThat(once.add(line)).as(line).isTrue());
                from = batch.endLsn();
            }
        }
        assertThat(once).hasSize(1003);
    }

    /** Where the first ends the commit record of the second begins, and from there the stream is opened again. */
    @Test
    void of_two_that_commit_right_behind_each_other_the_second_comes_after_a_restart_between_them() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        Optional<Lsn> between = Optional.empty();
        // The server may write something of its own between the two.
        for (int pair = 0; between.isEmpty(); pair++) {
            assertThat(pair).as("pairs of which none was side by side").isLessThan(100);
            commitTwo(2 * pair);
            try (ChangeStream stream = source.open(from)) {
                between = betweenTwo(lab.readAll(stream));
            }
        }
        List<ChangeBatch> rest;
        try (ChangeStream stream = source.open(between.get())) {
            rest = lab.readAll(stream);
        }
        assertThat(commitLsns(rest)).first().isEqualTo(between.get());
        assertThat(ChangeLines.changes(rest)).hasSize(1);
    }

    private void commitTwo(int id) throws SQLException {
        try (Connection first = server.connect(lab.database);
                Connection second = server.connect(lab.database);
                Statement ofFirst = first.createStatement();
                Statement ofSecond = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            ofFirst.execute("INSERT INTO t VALUES (" + id + ")");
            ofSecond.execute("INSERT INTO t VALUES (" + (id + 1) + ")");
            first.commit();
            second.commit();
        }
    }

    /** Where the newest transaction commits, if it is where the one before ends. */
    private static Optional<Lsn> betweenTwo(List<ChangeBatch> batches) {
        List<Lsn> commits = commitLsns(batches);
        Lsn newest = commits.get(commits.size() - 1);
        return ends(batches).contains(newest) ? Optional.of(newest) : Optional.empty();
    }

    private static List<Lsn> commitLsns(List<ChangeBatch> batches) {
        return positions(batches, ChangeCursor.Kind.BEGIN, ChangeCursor::commitLsn);
    }

    private static List<Lsn> ends(List<ChangeBatch> batches) {
        return positions(batches, ChangeCursor.Kind.COMMIT, ChangeCursor::endLsn);
    }

    private static List<Lsn> positions(
            List<ChangeBatch> batches, ChangeCursor.Kind kind, Function<ChangeCursor, Lsn> position) {
        List<Lsn> found = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                if (cursor.kind() == kind) {
                    found.add(position.apply(cursor));
                }
            }
        }
        return found;
    }

    @Test
    void an_idle_database_makes_progress_by_heartbeats_and_an_acknowledgement_moves_the_slot() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            lab.sql("INSERT INTO other SELECT generate_series(1, 10000)");
            Lsn target = lab.walEnd();
            assertThat(source.heartbeat()).isTrue();
            Lsn[] reached = {Lsn.ZERO};
            await().until(() -> {
                ChangeBatch batch = stream.poll(Duration.ofMillis(200));
                assertThat(batch == null || batch.isEmpty()).isTrue();
                reached[0] = batch == null ? reached[0] : batch.endLsn();
                return !reached[0].isBefore(target);
            });
            stream.acknowledge(reached[0]);
            stream.acknowledge(from);
            await().until(() -> !lab.confirmed(source).isBefore(target));
            assertThat(lab.confirmed(source)).isEqualTo(reached[0]);
            assertThat(stream.walEnd()).isGreaterThanOrEqualTo(reached[0]);
        }
    }

    @Test
    void an_acknowledgement_goes_no_further_than_it_says_though_more_has_come() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
            Lsn first = ends(lab.readAll(stream)).get(0);
            await().pollInSameThread().until(() -> {
                stream.acknowledge(first);
                return !lab.confirmed(source).isBefore(first);
            });
            assertThat(lab.confirmed(source)).isEqualTo(first);
        }
    }

    /** As one does whose buffer is full. */
    @Test
    void who_takes_nothing_and_acknowledges_nothing_new_is_not_taken_for_dead_however_soon_that_is_done()
            throws Exception {
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY, filler text)",
                "ALTER DATABASE " + lab.database + " SET wal_sender_timeout = '2s'");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        lab.sql("INSERT INTO t SELECT g, repeat(md5(g::text), 30) FROM generate_series(1, 20000) g");
        try (ChangeStream stream = source.open(from)) {
            List<ChangeBatch> batches = new ArrayList<>(List.of(stream.poll(Duration.ofSeconds(30))));
            String walsender = lab.value("SELECT pid FROM pg_stat_replication");
            String later = lab.value("SELECT now() + interval '8 s'");
            await().pollInSameThread().pollInterval(Duration.ofMillis(50)).until(() -> {
                stream.acknowledge(from);
                return "t".equals(lab.value("SELECT now() > '" + later + "'"));
            });
            assertThat(lab.value("SELECT pid FROM pg_stat_replication")).isEqualTo(walsender);
            batches.addAll(lab.readAll(stream));
            assertThat(ChangeLines.changes(batches)).hasSize(20000);
        }
    }

    @Test
    void nothing_is_acknowledged_unless_the_caller_says_so() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            lab.sql("INSERT INTO t VALUES (1)");
            assertThat(lab.readAll(stream)).isNotEmpty();
            stream.acknowledge(from);
        }
        assertThat(lab.confirmed(source)).isEqualTo(from);
        try (ChangeStream stream = source.open(from)) {
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (1)");
        }
    }

    @Test
    void a_second_reader_must_wait_and_a_position_behind_the_slot_is_refused() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            assertFails(ErrorCode.SLOT_IN_USE, () -> source.open(from));
            assertThat(source.slot().orElseThrow().active()).isTrue();
            assertThatThrownBy(source::dropSlot)
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.recovery()).isEqualTo(Recovery.STANDBY));
            assertThat(stream.poll(Duration.ZERO))
                    .satisfiesAnyOf(
                            b -> assertThat(b).isNull(),
                            b -> assertThat(b.isEmpty()).isTrue());
        }
        await().until(() -> !source.slot().orElseThrow().active());
        assertFails(ErrorCode.SLOT_AHEAD, () -> source.open(new Lsn(from.value() - 1)));
        assertFails(ErrorCode.SOURCE_REWOUND, () -> source.open(new Lsn(from.value() + (1L << 40))));
        source.dropSlot();
        source.dropSlot();
        assertFails(ErrorCode.SLOT_LOST, () -> source.open(from));
    }

    @Test
    void a_publication_that_a_person_keeps_may_hold_more_tables_than_are_configured() throws Exception {
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY, hidden int, shown text)",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "CREATE PUBLICATION hand FOR TABLE t (id, shown) WHERE (id > 0), other"
                        + " WITH (publish_via_partition_root)",
                "INSERT INTO t VALUES (-1, 1, 'a'), (1, 1, 'b')");
        PostgresSourceBuilder builder = lab.builder("t").existingPublication("hand");
        AttachedSource source = builder.build().attach(lab.database);
        source.preparePublication();
        Lsn from;
        try (TableCopy copy = source.createSlot(Set.of(TableId.parse("t")))) {
            from = copy.consistentPoint();
            assertThat(SourceLab.copyAll(copy, TableId.parse("t"), 1)).containsExactly("(1,b)");
        }
        lab.sql(
                "INSERT INTO other VALUES (1)",
                "WITH a AS (INSERT INTO other VALUES (2)) INSERT INTO t VALUES (2, 1, 'c')",
                "TRUNCATE other, t");
        try (ChangeStream stream = source.open(from)) {
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (2,c)", "TRUNCATE t");
        }
    }

    @Test
    void a_column_keeps_its_number_when_it_is_renamed_and_a_new_one_gets_a_new_number() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text, b text)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            lab.sql("INSERT INTO t VALUES (1, 'a', 'b')");
            lab.readAll(stream);
            lab.sql(
                    "INSERT INTO t VALUES (2, 'a', 'b')",
                    "ALTER TABLE t RENAME a TO aa",
                    "INSERT INTO t VALUES (3, 'a', 'b')",
                    "ALTER TABLE t DROP aa",
                    "ALTER TABLE t ADD c numeric(10, 2)",
                    "INSERT INTO t VALUES (4, 'b', 1)",
                    "ALTER TABLE t RENAME TO renamed",
                    "INSERT INTO renamed VALUES (5, 'b', 1)");
            List<RelationSchema> versions = new ArrayList<>();
            for (ChangeBatch batch : lab.readAll(stream)) {
                batch.relations().stream().filter(r -> !versions.contains(r)).forEach(versions::add);
            }
            assertThat(versions.stream().map(StreamBehaviourTest::shape))
                    .containsExactly("t id=1 a=2 b=3", "t id=1 aa=2 b=3", "t id=1 b=3 c=4", "renamed id=1 b=3 c=4");
            Column added = versions.get(3).columns().get(2);
            assertThat(added.typeModifier()).isEqualTo((10 << 16 | 2) + 4);
        }
    }

    private static String shape(RelationSchema relation) {
        String columns = "";
        for (Column column : relation.columns()) {
            columns += " " + column.name() + "=" + column.attnum();
        }
        return relation.table().name() + columns;
    }

    @Test
    void a_column_dropped_and_added_again_under_its_name_is_not_guessed() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            lab.sql("INSERT INTO t VALUES (1, 'old')");
            lab.readAll(stream);
            lab.sql(
                    "INSERT INTO t VALUES (2, 'old')",
                    "ALTER TABLE t DROP a",
                    "ALTER TABLE t ADD a text",
                    "INSERT INTO t VALUES (3, 'new')");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .satisfiesExactly(
                            row -> assertThat(row).isEqualTo("INSERT t (2,old)"),
                            notice -> assertThat(notice).startsWith("UNDECODABLE t "));
        }
    }

    @Test
    void a_type_without_known_binary_form_turns_the_stream_to_text() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            lab.sql("ALTER TABLE t ADD i interval", "INSERT INTO t VALUES (1, '1 day 00:00:01')");
            assertThatThrownBy(() -> lab.readAll(stream))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.recovery()).isEqualTo(Recovery.RETRY));
        }
        await().until(() -> !source.slot().orElseThrow().active());
        try (ChangeStream stream = source.open(from)) {
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (1,1 day 00:00:01)");
        }
    }

    @Test
    void a_row_above_the_limit_stops_the_stream_and_the_copy() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, big text)");
        AttachedSource source = lab.started(lab.builder("t").maxRowBytes(10_000));
        Lsn from = lab.confirmed(source);
        lab.sql("INSERT INTO t VALUES (1, repeat('x', 9000)), (2, repeat('x', 10000))");
        try (ChangeStream stream = source.open(from)) {
            assertFails(ErrorCode.ROW_TOO_LARGE, () -> lab.readAll(stream));
        }
        try (TableCopy copy = source.copy(Set.of(TableId.parse("t")))) {
            assertFails(ErrorCode.ROW_TOO_LARGE, () -> SourceLab.copyAll(copy, TableId.parse("t"), 1));
        }
    }

    @Test
    void a_waiting_poll_can_be_interrupted() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> stream.poll(Duration.ofMinutes(1))).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void a_copy_whose_rows_keep_nobody_waiting_can_be_interrupted() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 1000)");
        AttachedSource source = lab.started(lab.builder("t"));
        AtomicInteger rows = new AtomicInteger();
        try (TableCopy copy = source.copy(Set.of(TableId.parse("t")))) {
            CopyRange all = copy.ranges(copy.tables().get(0).relation(), 1).get(0);
            assertThatThrownBy(() -> copy.read(all, row -> {
                        rows.incrementAndGet();
                        Thread.currentThread().interrupt();
                    }))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(rows).hasValueLessThan(1000);
    }

    @Test
    void a_killed_walsender_is_a_failure_that_may_pass() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND database ="
                    + " current_database()");
            assertThatThrownBy(() -> lab.readAll(stream))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.recovery()).isEqualTo(Recovery.RETRY));
        }
    }

    @Test
    void slot_creation_behind_an_open_transaction_names_who_blocks_it() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.builder("t").build().attach("blocked");
        try (Connection blocker = server.connect(lab.database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1)");
            assertThatThrownBy(() -> source.createSlot(Set.of())).isInstanceOfSatisfying(PhilotesException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SLOT_CREATION_BLOCKED);
                assertThat(e.hint()).contains("idle in transaction");
            });
            blocker.rollback();
        }
        assertThat(source.slot()).isEmpty();
    }

    @Test
    void domains_arrays_enums_and_composites_are_resolved() throws Exception {
        lab.sql(
                "CREATE DOMAIN amount AS numeric(10, 2)",
                "CREATE DOMAIN price AS amount CHECK (VALUE > 0)",
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TYPE pair AS (a int, b int)",
                "CREATE TABLE t (id int PRIMARY KEY, p price, ps price[], m mood, ms mood[], c pair,"
                        + " v int2vector, g int GENERATED ALWAYS AS (id + 1) STORED)");
        RelationSchema t = lab.builder("t").build().attach("x").tables().get(0).relation();
        assertThat(t.columns().stream()
                        .map(c -> c.type().name() + " " + c.type().kind() + " " + c.typeModifier()))
                .containsExactly(
                        "int4 BASE -1",
                        "numeric BASE 655366",
                        "numeric[] ARRAY 655366",
                        "public.mood ENUM -1",
                        "public.mood[] ARRAY -1",
                        "public.pair OTHER -1",
                        "int2vector BASE -1");
        assertThat(t.columns().get(2).type().element().map(PgType::name)).contains("numeric");
        assertThat(t.keyColumns()).containsExactly(0);
    }
}
