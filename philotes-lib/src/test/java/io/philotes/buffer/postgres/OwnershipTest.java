// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.BatchFixtures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has a pipeline's tables: one process, by its session's lock, and where that is worth little, by the epoch. */
class OwnershipTest {

    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PIPELINE = "owned";
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static TestPostgres postgres;

    private final String schema = "owned_" + SCHEMAS.incrementAndGet();
    private PostgresBuffer buffer;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void open_a_buffer() {
        buffer = again();
        buffer.open(PIPELINE);
    }

    @AfterEach
    void close_the_buffer() {
        buffer.close();
    }

    /** A buffer on the same tables. */
    private PostgresBuffer again() {
        return on(TestDataSource.of(postgres, "postgres"));
    }

    private PostgresBuffer on(DataSource source) {
        return PostgresBuffer.builder(source)
                .schema(schema)
                .chunkBytes(100_000)
                .plain()
                .recentBytes(0)
                .build();
    }

    private void append(ChangeBatch batch) throws InterruptedException {
        assertThat(buffer.append(batch, NOW)).isTrue();
    }

    private static List<String> values(String query) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** As another owner does that has the same session, behind a pooler. */
    private String takenByAnother() {
        return "UPDATE " + schema + ".cdc_buffers SET epoch = epoch + 1, owner = 'another'";
    }

    private static void endItsSessions() throws SQLException {
        assertThat(values("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'philotes%'"))
                .isNotEmpty();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** Begins it in a thread of its own; returns when it waits for a lock. */
    private static <T> CompletableFuture<T> waiting(Callable<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(step.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        Awaitility.await().until(() -> result.isDone() || waits());
        assertThat(result).isNotDone();
        return result;
    }

    private static boolean waits() throws SQLException {
        return !values("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name ="
                        + " 'philotes-buffer " + PIPELINE + "'")
                .isEmpty();
    }

    @Test
    void a_second_owner_is_refused_until_the_first_lets_go() throws Exception {
        try (PostgresBuffer second = again()) {
            refused(ErrorCode.BUFFER_IN_USE, () -> second.open(PIPELINE));
        }
        append(BatchFixtures.whole(100, 1, 10));
        buffer.close();
        try (PostgresBuffer second = again()) {
            second.open(PIPELINE);
            assertThat(second.appendedUpTo()).isEqualTo(new Lsn(100));
        }
    }

    @Test
    void who_lost_the_buffer_to_another_process_appends_and_drops_nothing_more() throws Exception {
        for (int i = 1; i <= 4; i++) {
            append(BatchFixtures.whole(i * 100L, 1, 300_000));
        }
        endItsSessions();
        try (PostgresBuffer second = again()) {
            second.open(PIPELINE);
            refused(ErrorCode.STATE_UNREACHABLE, () -> buffer.append(BatchFixtures.whole(500, 1, 10), NOW));
            buffer.trim(new Lsn(400));
            refused(ErrorCode.BUFFER_IN_USE, buffer::discardIncomplete);
            assertThat(second.append(BatchFixtures.whole(600, 1, 10), NOW)).isTrue();
        }
        refused(ErrorCode.FENCED, buffer::discardIncomplete);
        try (PostgresBuffer third = again()) {
            third.open(PIPELINE);
            assertThat(third.appendedUpTo()).isEqualTo(new Lsn(600));
            try (BufferReader all = third.reader("all", Lsn.ZERO)) {
                for (int i = 0; i < 5; i++) {
                    assertThat(all.poll(NOW)).isNotNull();
                }
                assertThat(all.poll(NOW)).isNull();
            }
        }
    }

    @Test
    void who_lost_the_buffer_is_told_when_it_asks() throws Exception {
        buffer.requireOwned();
        endItsSessions();
        refused(ErrorCode.STATE_UNREACHABLE, buffer::requireOwned);
        buffer.discardIncomplete();
        buffer.requireOwned();
        postgres.execute(takenByAnother());
        refused(ErrorCode.FENCED, buffer::requireOwned);
    }

    /** As behind a pooler that gives one session to many: the lock is not worth much there, and the epoch decides. */
    @Test
    void an_owner_of_an_earlier_epoch_cannot_write_though_its_session_lives() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        postgres.execute(takenByAnother());
        refused(ErrorCode.FENCED, () -> buffer.append(BatchFixtures.whole(200, 1, 10), NOW));
        refused(ErrorCode.FENCED, () -> buffer.append(BatchFixtures.whole(200, 1, 10), NOW));
        refused(ErrorCode.FENCED, buffer::discardIncomplete);
        assertThat(values("SELECT count(*) FROM " + schema + ".cdc_events")).containsExactly("1");
    }

    /** What is behind its last whole transaction may be the new owner's. */
    @Test
    void an_owner_of_an_earlier_epoch_cuts_nothing_off() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        append(BatchFixtures.parted(200, 4, 5, 50_000).get(0));
        String count = "SELECT count(*) FROM " + schema + ".cdc_events";
        List<String> before = values(count);
        postgres.execute(takenByAnother());
        refused(ErrorCode.FENCED, buffer::discardIncomplete);
        assertThat(values(count)).isEqualTo(before).isNotEqualTo(List.of("1"));
    }

    @Test
    void a_taking_waits_for_an_append_that_is_under_way() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        try (Connection appender = postgres.connect();
                Statement statement = appender.createStatement()) {
            appender.setAutoCommit(false);
            statement.execute("SELECT FROM " + schema + ".cdc_buffers WHERE epoch = 1 FOR SHARE");
            buffer.close();
            buffer = again();
            CompletableFuture<Void> taking = waiting(() -> {
                buffer.open(PIPELINE);
                return null;
            });
            appender.commit();
            taking.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void an_append_waits_for_a_taking_that_is_under_way_and_is_refused() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        try (Connection taker = postgres.connect();
                Statement statement = taker.createStatement()) {
            taker.setAutoCommit(false);
            statement.execute(takenByAnother());
            CompletableFuture<Boolean> append = waiting(() -> buffer.append(BatchFixtures.whole(200, 1, 10), LONG));
            taker.commit();
            assertThatThrownBy(() -> append.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
        }
        assertThat(values("SELECT count(*) FROM " + schema + ".cdc_events")).containsExactly("1");
    }

    /** A cable was pulled: its backend keeps the lock until the server's keepalives end it, and nobody else can have it. */
    @Test
    void its_own_backend_that_has_not_noticed_is_ended() throws Exception {
        FaultySource source = new FaultySource(TestDataSource.of(postgres, "postgres"));
        buffer.close();
        buffer = on(source.source());
        buffer.open(PIPELINE);
        append(BatchFixtures.whole(100, 1, 10));
        source.breakAt(0, FaultySource.Fault.UNNOTICED);
        refused(ErrorCode.STATE_UNREACHABLE, () -> buffer.append(BatchFixtures.whole(200, 1, 10), NOW));
        String holders = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted";
        assertThat(values(holders)).containsExactly("1");
        buffer.discardIncomplete();
        append(BatchFixtures.whole(200, 1, 10));
        assertThat(values(holders)).containsExactly("1");
    }
}
