// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.jdbc.StatePool;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.BatchFixtures;
import io.philotes.testkit.contract.ChangeBufferContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresBufferTest extends ChangeBufferContract {

    private static final String DATABASE = "buffers";
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static TestPostgres postgres;
    private static DataSource source;

    private String schema;
    private long limit = ROOMY;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        postgres.createDatabase(DATABASE);
        source = TestDataSource.of(postgres, DATABASE);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Override
    protected ChangeBuffer create(long limitBytes) {
        limit = limitBytes;
        schema = "buffer_" + SCHEMAS.incrementAndGet();
        return again();
    }

    @Override
    protected ChangeBuffer again(long limitBytes) {
        limit = limitBytes;
        return again();
    }

    /** A buffer on the same tables. */
    private PostgresBuffer again() {
        return PostgresBuffer.builder(source)
                .schema(schema)
                .limitBytes(limit)
                .segmentBytes(Math.max(4096, limit / 256))
                .chunkBytes(100_000)
                .plain()
                .recentBytes(0)
                .build();
    }

    private void reopen() {
        buffer.close();
        buffer = again();
        buffer.open("contract");
    }

    private void sql(String... statements) throws Exception {
        postgres.executeIn(DATABASE, statements);
    }

    private static List<String> rows(String query) throws Exception {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getString(i));
                }
                all.add(String.join("|", row));
            }
            return all;
        }
    }

    private List<String> tables() throws Exception {
        return rows("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '"
                + schema + ".cdc_events'::regclass ORDER BY length(c.relname), c.relname");
    }

    private List<ChangeBatch> fill(int batches, int bytes) throws InterruptedException {
        List<ChangeBatch> filled = new ArrayList<>();
        for (int i = 1; i <= batches; i++) {
            ChangeBatch batch =
                    BatchFixtures.whole(i * 100L, 1, bytes, i % 2 == 0 ? BatchFixtures.ORDERS : BatchFixtures.ITEMS);
            append(batch);
            filled.add(batch);
        }
        return filled;
    }

    @Test
    void everything_is_there_after_a_restart() throws Exception {
        List<ChangeBatch> batches = fill(20, 60_000);
        append(ChangeBatch.progress(lsn(2500)));
        assertThat(tables()).hasSizeGreaterThan(2);
        long held = buffer.heldBytes();
        reopen();
        assertThat(buffer.heldBytes()).isEqualTo(held);
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(2500));
        assertThat(buffer.durableUpTo()).isEqualTo(lsn(2500));
        batches.add(ChangeBatch.progress(lsn(2500)));
        assertThat(readAll(0)).isEqualTo(described(batches));
        assertThat(readAll(1050)).isEqualTo(described(batches.subList(10, 21)));
        ChangeBatch next = BatchFixtures.whole(2600, 1, 10);
        append(next);
        assertThat(readAll(2500)).isEqualTo(described(List.of(next)));
    }

    @Test
    void trimmed_tables_are_dropped_and_stay_gone() throws Exception {
        List<ChangeBatch> batches = fill(20, 300_000);
        int before = tables().size();
        buffer.trim(lsn(1000));
        assertThat(tables()).hasSizeLessThan(before);
        reopen();
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(1000));
        assertThat(readAll(1000)).isEqualTo(described(batches.subList(10, 20)));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.reader("late", lsn(999)));
        buffer.trim(lsn(2000));
        assertThat(tables()).isEmpty();
        assertThat(buffer.heldBytes()).isZero();
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(2000));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(2000));
        ChangeBatch next = BatchFixtures.whole(2100, 1, 10);
        append(next);
        assertThat(readAll(2000)).isEqualTo(described(List.of(next)));
    }

    @Test
    void a_table_that_somebody_reads_is_known_as_it_was_when_the_next_has_begun_and_the_process_dies()
            throws Exception {
        ChangeBatch first = BatchFixtures.whole(100, 1, 300_000);
        append(first);
        String table = schema + "." + tables().get(0);
        try (Connection reading = postgres.connect(DATABASE);
                Statement statement = reading.createStatement()) {
            reading.setAutoCommit(false);
            statement.execute("LOCK TABLE " + table + " IN ACCESS SHARE MODE");
            buffer.trim(lsn(100));
            append(BatchFixtures.parted(200, 3, 1, 10).get(0));
            assertThat(tables()).hasSize(2);
            assertThat(rows("SELECT end_lsn FROM " + schema + ".cdc_segments ORDER BY first_seq"))
                    .containsExactly(lsn(100).toString(), "null");
            // As an earlier version left it.
            sql("UPDATE " + schema + ".cdc_segments SET end_lsn = NULL");
            reopen();
            reading.rollback();
        }
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        assertThat(readAll(buffer.trimmedUpTo().value())).isEqualTo(described(List.of(first)));
        buffer.trim(lsn(100));
        assertThat(tables()).hasSize(1);
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(100));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.reader("late", lsn(99)));
    }

    @Test
    void an_incomplete_transaction_is_gone_after_a_restart() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        List<ChangeBatch> parts = BatchFixtures.parted(200, 4, 5, 50_000);
        append(parts.get(0));
        append(parts.get(1));
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        assertThat(rows("SELECT count(*) FROM " + schema + ".cdc_events")).containsExactly("1");
        for (ChangeBatch part : parts) {
            append(part);
        }
        assertThat(readAll(100)).isEqualTo(described(parts));
    }

    @Test
    void a_large_transaction_that_is_cut_off_again_and_again_takes_no_more_room_each_time() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        List<ChangeBatch> parts = BatchFixtures.parted(200, 20, 1, 500_000);
        long once = 0;
        for (int i = 0; i < 4; i++) {
            for (ChangeBatch part : parts.subList(0, 19)) {
                append(part);
            }
            buffer.discardIncomplete();
            long size = Long.parseLong(rows("SELECT pg_total_relation_size('" + schema + "." + tables().get(0) + "')")
                    .get(0));
            once = i == 0 ? size : once;
            assertThat(size).isLessThanOrEqualTo(once + 1_000_000);
        }
        assertThat(readAll(0)).hasSize(1);
    }

    /** A statement is given up after some seconds; what is to be deleted may take minutes. */
    @Test
    void however_large_a_transaction_is_that_is_cut_off_no_statement_deletes_more_than_a_part_of_it() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        sql(
                "CREATE FUNCTION " + schema + ".give_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF (SELECT count(*) FROM gone) > 100 THEN"
                        + " RAISE EXCEPTION 'it takes too long' USING ERRCODE = '57014';"
                        + " END IF; RETURN NULL; END $$",
                "CREATE TRIGGER give_up AFTER DELETE ON " + schema + "." + tables().get(0)
                        + " REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION " + schema
                        + ".give_up()");
        List<ChangeBatch> parts = BatchFixtures.parted(200, 250, 1, 10);
        for (ChangeBatch part : parts.subList(0, 249)) {
            append(part);
        }
        buffer.discardIncomplete();
        for (ChangeBatch part : parts.subList(0, 249)) {
            append(part);
        }
        reopen();
        assertThat(rows("SELECT count(*) FROM " + schema + ".cdc_events")).containsExactly("1");
        for (ChangeBatch part : parts) {
            append(part);
        }
        assertThat(readAll(100)).isEqualTo(described(parts));
    }

    @Test
    void a_restart_with_nothing_whole_in_the_newest_table_knows_the_end() throws Exception {
        append(BatchFixtures.whole(100, 1, 300_000));
        append(BatchFixtures.parted(200, 3, 1, 10).get(0));
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        assertThat(readAll(0)).hasSize(1);
    }

    @Test
    void where_it_begins_survives_a_restart() throws Exception {
        buffer.startAt(lsn(1000));
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(1000));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(1000));
    }

    @Test
    void pipelines_share_the_tables_and_not_their_batches() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        try (PostgresBuffer other = again()) {
            other.open("other pipeline's \"name\"");
            assertThat(other.appendedUpTo()).isEqualTo(Lsn.ZERO);
            assertThat(other.append(BatchFixtures.whole(50, 1, 10), NOW)).isTrue();
            assertThat(readAll(0)).hasSize(1);
            other.trim(lsn(50));
        }
        assertThat(readAll(0)).isEqualTo(described(List.of(BatchFixtures.whole(100, 1, 10))));
    }

    private void endItsSessions() throws Exception {
        List<String> ended = rows("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE application_name LIKE 'philotes%' AND datname = '" + DATABASE + "'");
        assertThat(ended).isNotEmpty();
    }

    @Test
    void a_lost_session_is_replaced_and_nothing_is_lost_or_repeated() throws Exception {
        ChangeBatch first = BatchFixtures.whole(100, 1, 10);
        append(first);
        List<ChangeBatch> parts = BatchFixtures.parted(200, 3, 1, 10);
        append(parts.get(0));
        endItsSessions();
        refused(ErrorCode.STATE_UNREACHABLE, () -> buffer.append(parts.get(1), NOW));
        refused(ErrorCode.STATE_UNREACHABLE, () -> buffer.append(parts.get(0), NOW));
        assertThat(buffer.durableUpTo()).isEqualTo(lsn(100));
        buffer.discardIncomplete();
        for (ChangeBatch part : parts) {
            append(part);
        }
        List<ChangeBatch> all = new ArrayList<>(parts);
        all.add(0, first);
        assertThat(readAll(0)).isEqualTo(described(all));
    }

    @Test
    void a_reader_whose_session_was_lost_goes_on_where_it_was() throws Exception {
        List<ChangeBatch> batches = fill(6, 3_000_000);
        try (BufferReader reader = buffer.reader("patient", Lsn.ZERO)) {
            assertThat(BatchFixtures.describe(reader.poll(LONG))).isEqualTo(BatchFixtures.describe(batches.get(0)));
            endItsSessions();
            refused(ErrorCode.STATE_UNREACHABLE, () -> reader.poll(LONG));
            assertThat(drain(reader)).isEqualTo(described(batches.subList(1, 6)));
        }
    }

    @Test
    void a_database_that_went_back_is_not_gone_on_with() throws Exception {
        fill(2, 10);
        sql("DELETE FROM " + schema + ".cdc_events WHERE end_lsn = '0/C8'");
        endItsSessions();
        refused(ErrorCode.STATE_UNREACHABLE, () -> buffer.append(BatchFixtures.whole(300, 1, 10), NOW));
        refused(ErrorCode.BUFFER_CORRUPT, buffer::discardIncomplete);
        refused(ErrorCode.BUFFER_CORRUPT, () -> buffer.append(BatchFixtures.whole(300, 1, 10), NOW));
    }

    @Test
    void damage_is_told_and_never_read_over() throws Exception {
        fill(3, 300_000);
        String second = "bytes = overlay(bytes placing '\\x00' from 1000 for 1)";
        sql("UPDATE " + schema + ".cdc_events SET " + second + " WHERE seq = 5");
        refused(ErrorCode.BUFFER_CORRUPT, () -> readAll(0));
        refused(ErrorCode.BUFFER_CORRUPT, () -> readAll(100));
        sql("DELETE FROM " + schema + ".cdc_events WHERE seq = 5");
        refused(ErrorCode.BUFFER_CORRUPT, () -> readAll(100));
        sql("UPDATE " + schema + ".cdc_events SET seq = 5 WHERE seq = 6");
        refused(ErrorCode.BUFFER_CORRUPT, () -> readAll(100));
    }

    @Test
    void a_table_that_somebody_dropped_is_told() throws Exception {
        fill(3, 300_000);
        sql("DROP TABLE " + schema + "." + tables().get(2));
        buffer.close();
        buffer = again();
        refused(ErrorCode.BUFFER_CORRUPT, () -> buffer.open("contract"));
    }

    @Test
    void somebody_who_reads_the_view_blocks_neither_append_nor_trim_for_long() throws Exception {
        fill(4, 300_000);
        try (Connection person = postgres.connect(DATABASE);
                Statement statement = person.createStatement()) {
            person.setAutoCommit(false);
            try (ResultSet view = statement.executeQuery("SELECT * FROM " + schema + ".cdc_events_readable")) {
                assertThat(view.next()).isTrue();
            }
            long held = buffer.heldBytes();
            buffer.trim(lsn(400));
            assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(400));
            assertThat(buffer.heldBytes()).isEqualTo(held);
            append(BatchFixtures.whole(500, 1, 300_000));
            append(BatchFixtures.whole(600, 1, 10));
            assertThat(readAll(400)).hasSize(2);
        }
        buffer.trim(lsn(600));
        assertThat(tables()).hasSize(1);
    }

    @Test
    void the_view_shows_what_is_held() throws Exception {
        append(BatchFixtures.whole(0xABCDEF, 3, 200_000, BatchFixtures.ITEMS));
        assertThat(rows(
                        "SELECT pipeline, end_lsn, changes, tables, bytes > 600000, trimmed, commit_time AT TIME ZONE 'UTC'"
                                + " FROM " + schema + ".cdc_events_readable"))
                .containsExactly("contract|0/ABCDEF|3|{public.items}|t|f|1970-01-01 03:07:39.375");
    }

    @Test
    void a_busy_database_is_like_a_full_buffer() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        try (Connection person = postgres.connect(DATABASE);
                Statement statement = person.createStatement()) {
            person.setAutoCommit(false);
            statement.execute("LOCK TABLE " + schema + ".cdc_events IN ACCESS EXCLUSIVE MODE");
            assertThat(buffer.append(BatchFixtures.whole(200, 1, 10), NOW)).isFalse();
        }
        append(BatchFixtures.whole(200, 1, 10));
        assertThat(readAll(0)).hasSize(2);
    }

    @Test
    void a_pool_that_others_share_serves_as_well() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "postgres");
        buffer.close();
        try (StatePool pool = StatePool.open(postgres.url(DATABASE), properties, 5)) {
            buffer = PostgresBuffer.builder(pool.source())
                    .schema(schema)
                    .limitBytes(1 << 20)
                    .segmentBytes(4096)
                    .plain()
                    .build();
            buffer.open("contract");
            List<ChangeBatch> batches = fill(10, 10_000);
            endItsSessions();
            refused(ErrorCode.STATE_UNREACHABLE, () -> buffer.append(BatchFixtures.whole(1100, 1, 10), NOW));
            buffer.discardIncomplete();
            assertThat(readAll(0)).isEqualTo(described(batches));
            buffer.trim(lsn(1000));
            assertThat(tables()).isEmpty();
            buffer.close();
            try (Connection given = pool.source().getConnection();
                    Statement statement = given.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT current_setting('statement_timeout'), (SELECT count(*)"
                                    + " FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).as("a setting of the buffer").isEqualTo("0");
                assertThat(row.getInt(2)).as("a lock of the buffer").isZero();
            }
        }
    }

    @Test
    void no_connection_stays_behind() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        readAll(0);
        buffer.trim(lsn(100));
        buffer.close();
        Awaitility.await()
                .untilAsserted(() -> assertThat(rows("SELECT application_name FROM pg_stat_activity"
                                + " WHERE application_name LIKE 'philotes%' AND datname = '" + DATABASE + "'"))
                        .isEmpty());
    }
}
