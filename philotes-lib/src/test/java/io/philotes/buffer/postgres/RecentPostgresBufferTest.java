// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.model.ChangeBatch;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.BatchFixtures;
import io.philotes.testkit.contract.ChangeBufferContract;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract again, with readers that find in memory what was appended last. */
class RecentPostgresBufferTest extends ChangeBufferContract {

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

    @Override
    protected ChangeBuffer create(long limitBytes) {
        schema = "recent_" + SCHEMAS.incrementAndGet();
        return again(limitBytes);
    }

    @Override
    protected ChangeBuffer again(long limitBytes) {
        return PostgresBuffer.builder(TestDataSource.of(postgres, "postgres"))
                .schema(schema)
                .limitBytes(limitBytes)
                .segmentBytes(Math.max(4096, limitBytes / 256))
                .plain()
                .recentBytes(1 << 20)
                .build();
    }

    @Test
    void a_reader_close_behind_reads_nothing_back_and_one_far_behind_reads_all() throws Exception {
        ChangeBatch early = BatchFixtures.whole(100, 1, 400_000);
        ChangeBatch late = BatchFixtures.whole(200, 1, 400_000);
        ChangeBatch newest = BatchFixtures.whole(300, 1, 500_000);
        append(early);
        append(late);
        append(newest);
        try (BufferReader reader = buffer.reader("close behind", lsn(100))) {
            assertThat(reader.poll(LONG)).isSameAs(late);
            assertThat(reader.poll(LONG)).isSameAs(newest);
        }
        assertThat(readAll(0)).isEqualTo(described(List.of(early, late, newest)));
    }

    @Test
    void what_is_cut_off_is_not_read_though_its_numbers_are_given_anew() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        for (ChangeBatch part : BatchFixtures.parted(200, 4, 3, 50).subList(0, 3)) {
            append(part);
        }
        buffer.discardIncomplete();
        List<ChangeBatch> others = BatchFixtures.parted(250, 3, 5, 70);
        for (ChangeBatch part : others) {
            append(part);
        }
        assertThat(readAll(100)).isEqualTo(described(others));
    }

    @Test
    void a_reader_goes_from_the_tables_to_memory_and_back_within_one_transaction() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(200, 8, 1, 300_000);
        for (ChangeBatch part : parts) {
            append(part);
        }
        try (BufferReader reader = buffer.reader("halfway", lsn(0))) {
            assertThat(BatchFixtures.describe(reader.poll(LONG))).isEqualTo(BatchFixtures.describe(parts.get(0)));
            ChangeBatch next = BatchFixtures.whole(300, 1, 900_000);
            append(next);
            assertThat(drain(reader))
                    .isEqualTo(described(java.util.stream.Stream.concat(
                                    parts.subList(1, 8).stream(), java.util.stream.Stream.of(next))
                            .toList()));
        }
    }
}
