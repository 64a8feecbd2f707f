// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.BatchFixtures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Tables that nobody needs and that cannot be dropped, because somebody holds them: a dump, a client that left its transaction open. */
class LockedTablesTest {

    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final long LIMIT = 64 * 1024;
    private static final int SMALL_SEGMENT = 4 * 1024;
    private static final int LARGE_SEGMENT = 16 * 1024;

    /** More than a small segment, less than a large one. */
    private static final int BATCH = 5_000;

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static TestPostgres postgres;

    /** Tells of each connection that the buffer takes, before it has it. */
    private static final class Watched extends PGSimpleDataSource {

        private static final long serialVersionUID = 1L;

        private final AtomicInteger taken = new AtomicInteger();
        private transient Runnable before = () -> {};

        @Override
        public Connection getConnection() throws SQLException {
            taken.incrementAndGet();
            before.run();
            return super.getConnection();
        }
    }

    private final String schema = "locked_" + SCHEMAS.incrementAndGet();
    private final Watched source = new Watched();
    private PostgresBuffer buffer;
    private Connection person;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void open_a_buffer() throws SQLException {
        source.setUrl(postgres.url());
        source.setUser("postgres");
        source.setPassword("postgres");
        open(SMALL_SEGMENT);
        person = postgres.connect();
        person.setAutoCommit(false);
    }

    @AfterEach
    void close_the_buffer() throws SQLException {
        person.close();
        buffer.close();
    }

    private void open(int segmentBytes) {
        buffer = PostgresBuffer.builder(source)
                .schema(schema)
                .limitBytes(LIMIT)
                .segmentBytes(segmentBytes)
                .plain()
                .recentBytes(0)
                .build();
        buffer.open("locked");
    }

    /** Appends until it is full; returns where the last batch ends. */
    private long fill() throws InterruptedException {
        long end = 0;
        while (buffer.append(BatchFixtures.whole(end + 100, 1, BATCH), NOW)) {
            end += 100;
        }
        assertThat(end).isGreaterThanOrEqualTo(500);
        assertThat(buffer.trouble()).as("what the next commit mends").isEmpty();
        return end;
    }

    private void append(ChangeBatch batch) throws InterruptedException {
        assertThat(buffer.append(batch, NOW)).isTrue();
    }

    private void hold(List<String> tables) throws SQLException {
        try (Statement statement = person.createStatement()) {
            for (String table : tables) {
                statement.execute("LOCK TABLE " + schema + "." + table + " IN ACCESS SHARE MODE");
            }
        }
    }

    private List<String> tables() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT c.relname FROM pg_inherits i JOIN pg_class c"
                        + " ON c.oid = i.inhrelid WHERE i.inhparent = '" + schema
                        + ".cdc_events'::regclass ORDER BY length(c.relname), c.relname")) {
            List<String> tables = new ArrayList<>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            return tables;
        }
    }

    private List<String> readAll(long after) throws InterruptedException {
        try (BufferReader reader = buffer.reader("test", new Lsn(after))) {
            List<String> read = new ArrayList<>();
            for (ChangeBatch batch = reader.poll(NOW); batch != null; batch = reader.poll(NOW)) {
                read.add(BatchFixtures.describe(batch));
            }
            return read;
        }
    }

    /** Full of tables that were held when the last commit came; they may be held no longer. */
    private long fullOfTablesThatWereHeld() throws Exception {
        long end = fill();
        hold(tables());
        buffer.trim(new Lsn(end));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(end));
        assertThat(buffer.heldBytes()).isGreaterThan(LIMIT - 2 * BATCH);
        return end;
    }

    @Test
    void tables_that_were_held_when_the_last_commit_came_are_dropped_when_room_is_wanted() throws Exception {
        long end = fullOfTablesThatWereHeld();
        ChangeBatch next = BatchFixtures.whole(end + 100, 1, BATCH);
        assertThat(buffer.append(next, NOW)).isFalse();
        person.rollback();
        append(next);
        assertThat(readAll(end)).containsExactly(BatchFixtures.describe(next));
        buffer.trim(new Lsn(end + 100));
        assertThat(tables()).isEmpty();
    }

    @Test
    void that_they_are_in_the_way_is_told_with_the_table_and_what_to_do() throws Exception {
        long end = fullOfTablesThatWereHeld();
        assertThat(buffer.append(BatchFixtures.whole(end + 100, 1, BATCH), NOW)).isFalse();
        assertThat(buffer.trouble()).hasValueSatisfying(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FULL);
            assertThat(e.getMessage()).contains("Cannot drop", schema, "cdc_events_", "lock timeout");
            assertThat(e.hint()).contains("pg_locks");
        });
        person.rollback();
        append(BatchFixtures.whole(end + 100, 1, BATCH));
        assertThat(buffer.trouble()).isEmpty();
    }

    @Test
    void a_table_that_is_held_is_no_trouble_where_readers_need_the_rest() throws Exception {
        append(BatchFixtures.whole(100, 1, BATCH));
        append(BatchFixtures.whole(200, 1, 10));
        hold(tables().subList(0, 1));
        buffer.trim(new Lsn(100));
        for (ChangeBatch part : BatchFixtures.parted(300, 20, 2, 10_000)) {
            append(part);
        }
        assertThat(buffer.append(BatchFixtures.whole(400, 1, 10), NOW)).isFalse();
        assertThat(buffer.trouble()).isEmpty();
        buffer.trim(new Lsn(300));
        append(BatchFixtures.whole(400, 1, 10));
    }

    @Test
    void a_table_that_is_held_keeps_no_other() throws Exception {
        long end = fill();
        List<String> oldest = tables().subList(0, 1);
        hold(oldest);
        buffer.trim(new Lsn(end));
        buffer.trim(new Lsn(end));
        assertThat(tables()).isEqualTo(oldest);
        assertThat(buffer.heldBytes()).isBetween(1L, 2L * BATCH);
        person.rollback();
        buffer.trim(new Lsn(end));
        assertThat(tables()).isEmpty();
    }

    @Test
    void no_call_waits_for_more_than_one_of_them() throws Exception {
        long end = fullOfTablesThatWereHeld();
        int before = source.taken.get();
        assertThat(buffer.append(BatchFixtures.whole(end + 100, 1, BATCH), NOW)).isFalse();
        assertThat(source.taken.get()).isEqualTo(before + 1);
        buffer.trim(new Lsn(end));
        assertThat(source.taken.get()).isEqualTo(before + 2);
    }

    /** They are small for the buffer that comes then, and what was behind them is gone: nothing may be added to them. */
    @Test
    void rows_go_on_in_a_new_table_when_only_older_ones_are_left_at_a_restart() throws Exception {
        long end = fill();
        List<String> oldest = tables().subList(0, 2);
        hold(oldest);
        for (int i = 0; i < 3; i++) {
            buffer.trim(new Lsn(end));
        }
        assertThat(tables()).isEqualTo(oldest);
        append(ChangeBatch.progress(new Lsn(end + 50)));
        buffer.close();
        open(LARGE_SEGMENT);
        assertThat(buffer.appendedUpTo()).isEqualTo(new Lsn(end + 50));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(end));
        assertThat(buffer.heldBytes()).isGreaterThan(2L * BATCH);
        ChangeBatch next = BatchFixtures.whole(end + 100, 1, BATCH);
        append(next);
        assertThat(readAll(end)).containsExactly(BatchFixtures.describe(next));
        assertThat(tables()).hasSize(3).startsWith(oldest.toArray(String[]::new));
        person.rollback();
        buffer.trim(new Lsn(end + 50));
        assertThat(tables()).hasSize(1).doesNotContainAnyElementsOf(oldest);
        buffer.close();
        open(LARGE_SEGMENT);
        assertThat(readAll(end + 50)).containsExactly(BatchFixtures.describe(next));
    }

    @Test
    void who_lost_the_buffer_makes_no_room_in_it() throws Exception {
        long end = fullOfTablesThatWereHeld();
        List<String> before = tables();
        postgres.execute("UPDATE " + schema + ".cdc_buffers SET epoch = epoch + 1, owner = 'another'");
        person.rollback();
        assertThat(buffer.append(BatchFixtures.whole(end + 100, 1, BATCH), NOW)).isFalse();
        assertThat(tables()).isEqualTo(before);
        assertThat(buffer.trouble())
                .hasValueSatisfying(e -> assertThat(e.getMessage()).contains("another process"));
    }

    @Test
    void an_interrupt_while_room_is_made_ends_the_waiting() throws Exception {
        long end = fullOfTablesThatWereHeld();
        source.before = Thread.currentThread()::interrupt;
        assertThatThrownBy(() -> buffer.append(BatchFixtures.whole(end + 100, 1, BATCH), LONG))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void a_close_while_room_is_made_ends_the_waiting() throws Exception {
        long end = fullOfTablesThatWereHeld();
        source.before = buffer::close;
        assertThat(buffer.append(BatchFixtures.whole(end + 100, 1, BATCH), LONG))
                .isFalse();
        assertThat(buffer.trouble()).isEmpty();
    }
}
