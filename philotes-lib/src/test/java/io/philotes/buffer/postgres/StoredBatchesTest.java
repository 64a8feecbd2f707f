// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.MigrationsUpTo;
import io.philotes.model.BatchCodec;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.BatchFixtures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How batches are in the tables: compressed, from an earlier version, and told of in the views. */
class StoredBatchesTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static TestPostgres postgres;

    private String schema;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void a_schema() {
        schema = "stored_" + SCHEMAS.incrementAndGet();
    }

    private PostgresBufferBuilder builder() {
        return PostgresBuffer.builder(TestDataSource.of(postgres, "postgres"))
                .schema(schema)
                .recentBytes(0);
    }

    private PostgresBuffer opened(PostgresBufferBuilder builder) {
        PostgresBuffer buffer = builder.build();
        buffer.open("stored");
        return buffer;
    }

    private static void append(PostgresBuffer buffer, ChangeBatch batch) throws InterruptedException {
        assertThat(buffer.append(batch, LONG)).isTrue();
    }

    private static List<String> all(PostgresBuffer buffer) throws InterruptedException {
        try (BufferReader reader = buffer.reader("all", Lsn.ZERO)) {
            List<String> found = new ArrayList<>();
            for (ChangeBatch batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                found.add(BatchFixtures.describe(batch));
            }
            return found;
        }
    }

    private static List<String> rows(String query) throws Exception {
        try (Connection connection = postgres.connect();
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

    private static ChangeBatch noise(long endLsn, int bytes) {
        byte[] tuple = new byte[7 + bytes];
        new Random(endLsn).nextBytes(tuple);
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(endLsn - 1), 1, 1);
        builder.insert(BatchFixtures.ORDERS, tuple, 0, tuple.length);
        builder.commit(new Lsn(endLsn));
        return builder.cutWhole();
    }

    @Test
    void what_can_be_made_smaller_is_compressed_and_comes_out_as_it_went_in() throws Exception {
        List<ChangeBatch> batches =
                List.of(BatchFixtures.whole(100, 50, 1_000), noise(200, 30_000), BatchFixtures.whole(300, 1, 3));
        try (PostgresBuffer buffer = opened(builder())) {
            for (ChangeBatch batch : batches) {
                append(buffer, batch);
            }
            assertThat(rows("SELECT encoding, octet_length(bytes) < batch_bytes FROM " + schema
                            + ".cdc_events ORDER BY seq LIMIT 2"))
                    .containsExactly("1|t", "0|f");
            assertThat(buffer.heldBytes()).isLessThan(40_000);
            assertThat(all(buffer))
                    .isEqualTo(batches.stream().map(BatchFixtures::describe).toList());
        }
    }

    @Test
    void a_compressed_batch_may_be_in_several_rows_and_outlives_its_process() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(900, 3, 400, 300);
        try (PostgresBuffer buffer = opened(builder().chunkBytes(100))) {
            for (ChangeBatch part : parts) {
                append(buffer, part);
            }
            assertThat(rows("SELECT count(*) > 6 FROM " + schema + ".cdc_events"))
                    .containsExactly("t");
        }
        try (PostgresBuffer again = opened(builder())) {
            assertThat(all(again))
                    .isEqualTo(parts.stream().map(BatchFixtures::describe).toList());
        }
    }

    @Test
    void a_compressed_batch_that_is_damaged_or_of_a_newer_encoding_is_told() throws Exception {
        try (PostgresBuffer buffer = opened(builder())) {
            append(buffer, BatchFixtures.whole(100, 50, 1_000));
            for (String damage : List.of(
                    "encoding = 2",
                    "encoding = 0",
                    "encoding = 1, bytes = overlay(bytes placing '\\x00' from octet_length(bytes) - 9 for 1)")) {
                postgres.execute("UPDATE " + schema + ".cdc_events SET " + damage);
                assertThatThrownBy(() -> all(buffer))
                        .as(damage)
                        .isInstanceOfSatisfying(
                                PhilotesException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_CORRUPT));
            }
        }
    }

    /** A heap of 256 MB must not be filled by what a thousand rows may hold. */
    @Test
    void a_reader_far_behind_takes_a_few_megabytes_at_once_however_small_the_batches_before_were() throws Exception {
        try (PostgresBuffer buffer = opened(builder())) {
            for (int i = 1; i <= 300; i++) {
                append(buffer, BatchFixtures.whole(10L * i, 1, 10));
            }
            for (int i = 301; i <= 450; i++) {
                append(buffer, BatchFixtures.whole(10L * i, 1, 200_000));
            }
            try (BufferReader reader = buffer.reader("behind", Lsn.ZERO)) {
                long taken = 0;
                while (taken < 100_000) {
                    taken = reader.poll(LONG).length();
                }
                postgres.execute("UPDATE " + schema + ".cdc_events SET crc32c = ~crc32c");
                for (ChangeBatch batch = taken(reader); batch != null; batch = taken(reader)) {
                    taken += batch.length();
                }
                assertThat(taken).isBetween(1L << 20, 6L << 20);
            }
        }
    }

    /** Null once there is only damage. */
    private static ChangeBatch taken(BufferReader reader) throws InterruptedException {
        try {
            return reader.poll(Duration.ZERO);
        } catch (PhilotesException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_CORRUPT);
            return null;
        }
    }

    @Test
    void a_reader_that_is_asked_again_does_not_go_past_damage() throws Exception {
        ChangeBatch first = BatchFixtures.whole(100, 1, 10);
        try (PostgresBuffer buffer = opened(builder())) {
            append(buffer, first);
            append(buffer, BatchFixtures.whole(200, 1, 10));
            append(buffer, BatchFixtures.whole(300, 1, 10));
            postgres.execute("UPDATE " + schema + ".cdc_events SET crc32c = ~crc32c WHERE end_lsn = '0/C8'");
            try (BufferReader reader = buffer.reader("asks again", Lsn.ZERO)) {
                assertThat(taken(reader)).isNull();
                assertThat(BatchFixtures.describe(taken(reader))).isEqualTo(BatchFixtures.describe(first));
                assertThat(taken(reader)).isNull();
                assertThat(taken(reader)).isNull();
            }
        }
    }

    /** As the version that knew three steps wrote it. */
    @Test
    void batches_of_an_earlier_version_are_read_and_followed_by_compressed_ones() throws Exception {
        ChangeBatch old = BatchFixtures.whole(100, 50, 1_000);
        postgres.execute(MigrationsUpTo.step(3, schema));
        postgres.execute(
                "INSERT INTO " + schema + ".cdc_buffers (pipeline, epoch, owner) VALUES ('stored', 7, 'an old one')",
                "CREATE TABLE " + schema + ".cdc_events_1_1 (CHECK (buffer_id = 1), PRIMARY KEY (seq)) INHERITS ("
                        + schema + ".cdc_events)",
                "INSERT INTO " + schema + ".cdc_segments (buffer_id, first_seq) VALUES (1, 1)");
        byte[] bytes = BatchCodec.encode(old);
        try (Connection connection = postgres.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO " + schema
                                + ".cdc_events_1_1 (buffer_id, seq, last_chunk, end_lsn, changes, commit_time, tables,"
                                + " batch_bytes, crc32c, bytes) VALUES (1, 1, true, '0/64', 50, now(), '{public.orders}', ?, ?, ?)")) {
            insert.setLong(1, bytes.length);
            insert.setInt(2, Chunk.crc(1, true, bytes));
            insert.setBytes(3, bytes);
            insert.execute();
        }
        ChangeBatch fresh = BatchFixtures.whole(200, 50, 1_000);
        try (PostgresBuffer buffer = opened(builder())) {
            assertThat(buffer.appendedUpTo()).isEqualTo(new Lsn(100));
            append(buffer, fresh);
            assertThat(all(buffer)).containsExactly(BatchFixtures.describe(old), BatchFixtures.describe(fresh));
        }
        assertThat(rows("SELECT encoding FROM " + schema + ".cdc_events ORDER BY seq"))
                .containsExactly("0", "1");
        assertThat(rows("SELECT table_name, inserts FROM " + schema + ".cdc_changes_readable ORDER BY seq"))
                .containsExactly("public.orders|null", "public.orders|50");
    }

    @Test
    void the_views_tell_tables_kinds_positions_and_times() throws Exception {
        byte[] key = {0, 1, 't', 0, 0, 0, 1, 'k'};
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(0x10), 1_000_000, 1);
        builder.insert(BatchFixtures.ITEMS, key, 0, key.length);
        builder.insert(BatchFixtures.ORDERS, key, 0, key.length);
        builder.insert(BatchFixtures.ORDERS, key, 0, key.length);
        builder.commit(new Lsn(0x20));
        builder.begin(new Lsn(0x30), 2_000_000, 2);
        builder.truncate(List.of(BatchFixtures.ITEMS), (byte) 0);
        builder.commit(new Lsn(0x40));
        try (PostgresBuffer buffer = opened(builder())) {
            append(buffer, builder.cutWhole());
            for (ChangeBatch part : BatchFixtures.parted(0x90, 2, 3, 10)) {
                append(buffer, part);
            }
            assertThat(rows("SELECT pipeline, table_name, inserts, updates, deletes, truncates, transactions,"
                            + " first_commit_lsn, last_commit_lsn, extract(epoch FROM first_commit_at)::int,"
                            + " extract(epoch FROM last_commit_at)::int, trimmed FROM " + schema
                            + ".cdc_changes_readable ORDER BY seq, table_name"))
                    .containsExactly(
                            "stored|public.items|1|0|0|1|2|0/10|0/30|1|2|f",
                            "stored|public.orders|2|0|0|0|2|0/10|0/30|1|2|f",
                            "stored|public.items|3|0|0|0|1|0/8F|0/8F|0|0|f",
                            "stored|public.orders|3|0|0|0|1|0/8F|0/8F|0|0|f");
            buffer.trim(new Lsn(0x40));
        }
    }
}
