// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.SmallDisk;
import io.philotes.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that come while they are open: what is seen of them before their end, and what is left of them after it. */
class StreamingTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final String ROWS = "INSERT INTO t SELECT g, repeat('x', 500) FROM generate_series(%d, %d) g";

    private static TestPostgres server;

    @TempDir
    Path directory;

    private SourceLab lab;
    private AttachedSource source;

    @BeforeAll
    static void start() throws SQLException {
        server = TestPostgres.start();
        server.execute("ALTER SYSTEM SET logical_decoding_work_mem = '64kB'", "SELECT pg_reload_conf()");
    }

    @AfterAll
    static void stop() throws SQLException {
        server.execute("CHECKPOINT");
        server.close();
    }

    @BeforeEach
    void freshDatabase() throws SQLException {
        lab = new SourceLab(server, "streaming" + DATABASES.incrementAndGet());
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, filler text)", "CREATE TABLE other (id int)");
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        assertThat(openFiles()).isZero();
        source.dropSlot();
    }

    private Lsn begin(PostgresSourceBuilder builder) {
        source = lab.started(builder.streaming(directory.resolve("spool")));
        return lab.confirmed(source);
    }

    /** The server goes on sending for a moment to whoever has left in the middle of a transaction, and has the slot until then. */
    private ChangeStream openAgain(Lsn from) {
        await().until(() -> !source.slot().orElseThrow().active());
        return source.open(from);
    }

    /** Files of the spool that this process has open: they have no name, and are seen here even so. */
    private long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(this::isSpooled).count();
        }
    }

    private boolean isSpooled(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** A session with an open transaction. */
    private Connection transaction() throws SQLException {
        Connection connection = server.connect(lab.database);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Until something waits in a file; all that comes meanwhile. */
    private List<ChangeBatch> readUntilSpooled(ChangeStream stream) {
        List<ChangeBatch> batches = new ArrayList<>();
        await().until(() -> {
            ChangeBatch batch = stream.poll(Duration.ofMillis(50));
            if (batch != null && !batch.isEmpty()) {
                batches.add(batch);
            }
            return openFiles() > 0;
        });
        return batches;
    }

    @Test
    void others_go_on_while_one_is_open_and_the_slot_moves_over_it() throws Exception {
        Lsn from = begin(lab.builder("t", "other"));
        try (Connection open = transaction();
                ChangeStream stream = source.open(from)) {
            execute(open, ROWS.formatted(1, 3000));
            assertThat(readUntilSpooled(stream)).isEmpty();
            lab.sql("INSERT INTO other VALUES (1)");
            List<ChangeBatch> others = lab.readAll(stream);
            assertThat(ChangeLines.changes(others)).containsExactly("INSERT other (1)");
            Lsn past = others.get(others.size() - 1).endLsn();
            stream.acknowledge(past);
            await().until(() -> !lab.confirmed(source).isBefore(past));
            open.commit();
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .hasSize(3000)
                    .startsWith("INSERT t (1,xxx…500)")
                    .endsWith("INSERT t (3000,xxx…500)");
            assertThat(openFiles()).isZero();
        }
    }

    @Test
    void after_a_restart_in_the_middle_the_transaction_comes_once_and_whole() throws Exception {
        Lsn from = begin(lab.builder("t", "other").maxBatchBytes(64 * 1024));
        try (Connection open = transaction()) {
            execute(open, ROWS.formatted(1, 2000));
            lab.sql("INSERT INTO other VALUES (1)");
            Lsn past;
            try (ChangeStream stream = source.open(from)) {
                List<ChangeBatch> others = new ArrayList<>(readUntilSpooled(stream));
                others.addAll(lab.readAll(stream));
                past = others.get(others.size() - 1).endLsn();
                stream.acknowledge(past);
                await().until(() -> !lab.confirmed(source).isBefore(past));
            }
            assertThat(openFiles()).isZero();
            execute(open, ROWS.formatted(2001, 4000));
            try (ChangeStream stream = openAgain(past)) {
                readUntilSpooled(stream);
                open.commit();
                assertThat(stream.poll(Duration.ofSeconds(20)).endsOnBoundary()).isFalse();
                // Closed in the middle of what it gives on.
            }
            try (ChangeStream stream = openAgain(past)) {
                assertThat(ChangeLines.changes(lab.readAll(stream)))
                        .hasSize(4000)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void of_a_large_transaction_that_is_rolled_back_nothing_comes_and_nothing_is_left() throws Exception {
        Lsn from = begin(lab.builder("t"));
        try (Connection open = transaction();
                ChangeStream stream = source.open(from)) {
            execute(open, "INSERT INTO t SELECT g, 'note' FROM generate_series(1, 200000) g");
            readUntilSpooled(stream);
            open.rollback();
            lab.sql("INSERT INTO t VALUES (0, 'after')");
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (0,after)");
            assertThat(openFiles()).isZero();
            assertThat(lab.confirmed(source)).isEqualTo(from);
            Lsn end = lab.walEnd();
            stream.acknowledge(end);
            await().until(() -> !lab.confirmed(source).isBefore(end));
        }
    }

    @Test
    void thousands_of_savepoints_half_of_them_rolled_back_leave_their_half() throws Exception {
        Lsn from = begin(lab.builder("t"));
        lab.sql("""
                DO $$ BEGIN FOR i IN 1..3000 LOOP
                    BEGIN
                        INSERT INTO t VALUES (i, repeat('y', 200));
                        IF i % 2 = 0 THEN RAISE division_by_zero; END IF;
                    EXCEPTION WHEN division_by_zero THEN NULL; END;
                END LOOP; END $$""");
        try (ChangeStream stream = source.open(from)) {
            List<String> lines = ChangeLines.changes(lab.readAll(stream));
            assertThat(lines).hasSize(1500).startsWith("INSERT t (1,yyy…200)").endsWith("INSERT t (2999,yyy…200)");
        }
    }

    @Test
    void a_definition_that_may_have_been_rolled_back_is_never_believed() throws Exception {
        lab.sql(PostgresSource.schemaTrackingSql());
        Lsn from = begin(lab.builder("t"));
        try (Connection open = transaction()) {
            // Few rows, so that the first stream begins with the definition: what is rolled back before it was sent
            // leaves no doubt.
            execute(open, ROWS.formatted(1, 10));
            execute(open, "SAVEPOINT s");
            execute(open, "ALTER TABLE t ADD gone int");
            execute(open, "INSERT INTO t SELECT g, repeat('z', 500), 1 FROM generate_series(2001, 6000) g");
            try (ChangeStream stream = source.open(from)) {
                readUntilSpooled(stream);
                execute(open, "ROLLBACK TO s");
                execute(open, "INSERT INTO t VALUES (0, 'after')");
                open.commit();
                assertThatThrownBy(() -> lab.readAll(stream))
                        .isInstanceOfSatisfying(
                                PhilotesException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_QUERY))
                        .hasMessageContaining("as it was streamed");
            }
            try (ChangeStream stream = source.open(from)) {
                assertThat(ChangeLines.numbered(lab.readAll(stream)))
                        .hasSize(11)
                        .endsWith("INSERT t (0,after) (id=1,filler=2)")
                        .noneMatch(line -> line.contains("gone"));
            }
        }
    }

    @Test
    void where_nothing_can_be_written_the_stream_ends_and_may_be_opened_again() throws Exception {
        Lsn from = begin(lab.builder("t"));
        Path spool = Files.writeString(directory.resolve("spool"), "a file where a directory should be");
        lab.sql(ROWS.formatted(1, 2000));
        try (ChangeStream stream = source.open(from)) {
            assertThatThrownBy(() -> lab.readAll(stream))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FAILED))
                    .hasMessageContaining(spool.toString());
        }
        Files.delete(spool);
        try (ChangeStream stream = openAgain(from)) {
            assertThat(ChangeLines.changes(lab.readAll(stream))).hasSize(2000);
        }
    }

    @Test
    void what_finds_no_room_here_comes_when_it_has_committed() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 40)) {
            source = lab.started(lab.builder("t").streaming(disk.path()));
            Lsn from = lab.confirmed(source);
            lab.sql(ROWS.formatted(1, 15000));
            try (ChangeStream stream = source.open(from)) {
                assertThatThrownBy(() -> lab.readAll(stream))
                        .isInstanceOfSatisfying(
                                PhilotesException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FULL))
                        .hasMessageContaining("are free to pass it on");
            }
            try (ChangeStream stream = openAgain(from)) {
                assertThat(ChangeLines.changes(lab.readAll(stream))).hasSize(15000);
            }
        }
    }
}
