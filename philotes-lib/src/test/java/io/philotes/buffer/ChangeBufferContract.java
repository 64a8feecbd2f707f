// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ChangeBuffer} must do; an implementation's test extends it. */
public abstract class ChangeBufferContract {

    protected static final Duration NOW = Duration.ZERO;
    protected static final Duration LONG = Duration.ofSeconds(20);

    /** Enough for everything that a test does not mean to fill. */
    protected static final long ROOMY = 64L << 20;

    protected ChangeBuffer buffer;

    /** A new, empty buffer that is not open yet. */
    protected abstract ChangeBuffer create(long limitBytes);

    @BeforeEach
    void open_a_buffer() {
        buffer = opened(ROOMY);
    }

    @AfterEach
    void close_the_buffer() {
        buffer.close();
    }

    protected final ChangeBuffer opened(long limitBytes) {
        ChangeBuffer created = create(limitBytes);
        created.open("contract");
        return created;
    }

    protected static Lsn lsn(long value) {
        return new Lsn(value);
    }

    protected final void append(ChangeBatch batch) throws InterruptedException {
        assertThat(buffer.append(batch, NOW)).isTrue();
    }

    protected final List<String> readAll(long after) throws InterruptedException {
        try (BufferReader reader = buffer.reader("test", lsn(after))) {
            return drain(reader);
        }
    }

    protected static List<String> drain(BufferReader reader) throws InterruptedException {
        List<String> read = new ArrayList<>();
        for (ChangeBatch batch = reader.poll(NOW); batch != null; batch = reader.poll(NOW)) {
            read.add(BatchFixtures.describe(batch));
        }
        return read;
    }

    protected static List<String> described(List<ChangeBatch> batches) {
        return batches.stream().map(BatchFixtures::describe).toList();
    }

    protected static void refused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_new_buffer_is_at_zero() throws InterruptedException {
        assertThat(buffer.appendedUpTo()).isEqualTo(Lsn.ZERO);
        assertThat(buffer.durableUpTo()).isEqualTo(Lsn.ZERO);
        assertThat(buffer.trimmedUpTo()).isEqualTo(Lsn.ZERO);
        assertThat(readAll(0)).isEmpty();
        assertThat(buffer.limitBytes()).isEqualTo(ROOMY);
    }

    @Test
    void batches_come_out_as_they_went_in() throws InterruptedException {
        List<ChangeBatch> batches = List.of(
                BatchFixtures.whole(100, 3, 10),
                BatchFixtures.wholes(200, 300, 400),
                BatchFixtures.whole(500, 1, 100_000, BatchFixtures.ITEMS));
        for (ChangeBatch batch : batches) {
            append(batch);
        }
        assertThat(readAll(0)).isEqualTo(described(batches));
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(500));
    }

    @Test
    void only_what_may_survive_is_durable() throws InterruptedException {
        append(BatchFixtures.whole(100, 1, 10));
        assertThat(buffer.durableUpTo()).isEqualTo(buffer.survivesRestart() ? lsn(100) : Lsn.ZERO);
        buffer.trim(lsn(100));
        assertThat(buffer.durableUpTo()).isEqualTo(lsn(100));
    }

    @Test
    void a_reader_begins_with_the_batch_that_covers_its_place() throws InterruptedException {
        ChangeBatch first = BatchFixtures.wholes(100, 200);
        ChangeBatch second = BatchFixtures.wholes(300, 400);
        append(first);
        append(second);
        assertThat(readAll(150)).isEqualTo(described(List.of(first, second)));
        assertThat(readAll(200)).isEqualTo(described(List.of(second)));
        assertThat(readAll(399)).isEqualTo(described(List.of(second)));
        assertThat(readAll(400)).isEmpty();
    }

    @Test
    void a_reader_ahead_of_the_buffer_waits_for_its_place() throws InterruptedException {
        append(BatchFixtures.whole(100, 1, 10));
        try (BufferReader reader = buffer.reader("ahead", lsn(200))) {
            append(BatchFixtures.whole(200, 1, 10));
            assertThat(drain(reader)).isEmpty();
            ChangeBatch next = BatchFixtures.whole(300, 1, 10);
            append(next);
            assertThat(drain(reader)).isEqualTo(described(List.of(next)));
        }
    }

    @Test
    void positions_are_unsigned() throws InterruptedException {
        ChangeBatch low = BatchFixtures.whole(Long.MAX_VALUE, 1, 10);
        ChangeBatch high = BatchFixtures.whole(-10, 1, 10);
        append(low);
        append(high);
        assertThat(readAll(Long.MAX_VALUE)).isEqualTo(described(List.of(high)));
        buffer.trim(lsn(Long.MAX_VALUE));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(Long.MAX_VALUE));
        assertThat(readAll(Long.MAX_VALUE)).isEqualTo(described(List.of(high)));
    }

    @Test
    void readers_do_not_disturb_each_other() throws InterruptedException {
        append(BatchFixtures.whole(100, 1, 10));
        append(BatchFixtures.whole(200, 1, 10));
        try (BufferReader one = buffer.reader("one", Lsn.ZERO);
                BufferReader two = buffer.reader("two", Lsn.ZERO)) {
            assertThat(one.poll(NOW).endLsn()).isEqualTo(lsn(100));
            assertThat(one.poll(NOW).endLsn()).isEqualTo(lsn(200));
            assertThat(two.poll(NOW).endLsn()).isEqualTo(lsn(100));
            assertThat(one.poll(NOW)).isNull();
            assertThat(two.poll(NOW).endLsn()).isEqualTo(lsn(200));
        }
    }

    @Test
    void a_parted_transaction_is_readable_only_with_its_last_part() throws InterruptedException {
        List<ChangeBatch> parts = BatchFixtures.parted(200, 4, 5, 1000);
        append(BatchFixtures.whole(100, 1, 10));
        for (ChangeBatch part : parts.subList(0, 3)) {
            append(part);
            assertThat(readAll(100)).isEmpty();
            assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        }
        append(parts.get(3));
        assertThat(readAll(100)).isEqualTo(described(parts));
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(200));
        assertThat(readAll(200)).isEmpty();
        ChangeBatch next = BatchFixtures.whole(300, 1, 10);
        append(next);
        assertThat(readAll(200)).isEqualTo(described(List.of(next)));
    }

    @Test
    void an_incomplete_transaction_is_discarded_and_may_come_again() throws InterruptedException {
        long before = buffer.heldBytes();
        List<ChangeBatch> parts = BatchFixtures.parted(200, 3, 5, 1000);
        append(parts.get(0));
        append(parts.get(1));
        buffer.discardIncomplete();
        assertThat(buffer.heldBytes()).isEqualTo(before);
        assertThat(buffer.appendedUpTo()).isEqualTo(Lsn.ZERO);
        for (ChangeBatch part : parts) {
            append(part);
        }
        buffer.discardIncomplete();
        assertThat(readAll(0)).isEqualTo(described(parts));
    }

    @Test
    void a_progress_mark_moves_the_end() throws InterruptedException {
        append(BatchFixtures.whole(100, 1, 10));
        append(ChangeBatch.progress(lsn(150)));
        append(ChangeBatch.progress(lsn(160)));
        append(ChangeBatch.progress(lsn(160)));
        append(ChangeBatch.progress(lsn(120)));
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(160));
        try (BufferReader reader = buffer.reader("marks", lsn(100))) {
            ChangeBatch last = null;
            for (ChangeBatch batch = reader.poll(NOW); batch != null; batch = reader.poll(NOW)) {
                assertThat(batch.isEmpty()).isTrue();
                last = batch;
            }
            assertThat(last).isNotNull();
            assertThat(last.endLsn()).isEqualTo(lsn(160));
        }
    }

    @Test
    void what_comes_out_of_order_is_refused_and_changes_nothing() throws InterruptedException {
        List<ChangeBatch> parts = BatchFixtures.parted(200, 3, 1, 10);
        refused(ErrorCode.DEFECT, () -> buffer.append(parts.get(1), NOW));
        append(BatchFixtures.whole(100, 1, 10));
        refused(ErrorCode.DEFECT, () -> buffer.append(BatchFixtures.whole(100, 1, 10), NOW));
        refused(ErrorCode.DEFECT, () -> buffer.append(BatchFixtures.whole(50, 1, 10), NOW));
        append(parts.get(0));
        refused(ErrorCode.DEFECT, () -> buffer.append(BatchFixtures.whole(200, 1, 10), NOW));
        refused(ErrorCode.DEFECT, () -> buffer.append(ChangeBatch.progress(lsn(150)), NOW));
        append(parts.get(1));
        append(parts.get(2));
        assertThat(readAll(100)).isEqualTo(described(parts));
    }

    @Test
    void trim_forgets_up_to_a_position_and_never_goes_back() throws InterruptedException {
        ChangeBatch second = BatchFixtures.whole(200, 1, 10);
        append(BatchFixtures.whole(100, 1, 10));
        append(second);
        buffer.trim(lsn(100));
        buffer.trim(lsn(50));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(100));
        assertThat(readAll(100)).isEqualTo(described(List.of(second)));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.reader("late", lsn(99)));
        buffer.trim(Lsn.MAX);
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(200));
        assertThat(readAll(200)).isEmpty();
    }

    @Test
    void a_reader_that_was_trimmed_away_is_told() throws InterruptedException {
        append(BatchFixtures.whole(100, 1, 10));
        try (BufferReader reader = buffer.reader("slow", Lsn.ZERO)) {
            buffer.trim(lsn(100));
            append(BatchFixtures.whole(200, 1, 10));
            refused(ErrorCode.BUFFER_TRIMMED, () -> reader.poll(NOW));
        }
    }

    @Test
    void a_buffer_that_begins_anew_takes_smaller_positions() throws InterruptedException {
        append(BatchFixtures.whole(2000, 3, 10));
        BatchFixtures.parted(3000, 3, 1, 10).stream().limit(1).forEach(part -> {
            try {
                append(part);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        buffer.reset();

        assertThat(buffer.appendedUpTo()).isEqualTo(Lsn.ZERO);
        assertThat(buffer.trimmedUpTo()).isEqualTo(Lsn.ZERO);
        assertThat(buffer.durableUpTo()).isEqualTo(Lsn.ZERO);
        buffer.startAt(lsn(50));
        ChangeBatch other = BatchFixtures.whole(100, 1, 10);
        append(other);
        assertThat(readAll(50)).isEqualTo(described(List.of(other)));
    }

    @Test
    void an_empty_buffer_begins_at_a_position() throws InterruptedException {
        buffer.startAt(lsn(1000));
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(1000));
        assertThat(buffer.durableUpTo()).isEqualTo(lsn(1000));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(1000));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.reader("late", lsn(999)));
        ChangeBatch next = BatchFixtures.whole(1100, 1, 10);
        append(next);
        assertThat(readAll(1000)).isEqualTo(described(List.of(next)));
        refused(ErrorCode.DEFECT, () -> buffer.startAt(lsn(2000)));
        buffer.trim(lsn(1100));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.startAt(lsn(1099)));
        buffer.startAt(lsn(2000));
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(2000));
    }

    @Test
    void a_full_buffer_says_so_and_takes_more_after_a_trim() throws InterruptedException {
        buffer.close();
        buffer = opened(64 * 1024);
        long end = 0;
        while (buffer.append(BatchFixtures.whole(end + 100, 1, 5000), NOW)) {
            end += 100;
        }
        assertThat(end).isGreaterThanOrEqualTo(500);
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(end));
        assertThat(buffer.heldBytes()).isLessThanOrEqualTo(64 * 1024);
        buffer.trim(lsn(end));
        append(BatchFixtures.whole(end + 100, 1, 5000));
        assertThat(readAll(end)).hasSize(1);
    }

    @Test
    void an_empty_buffer_takes_a_batch_above_its_limit() throws InterruptedException {
        buffer.close();
        buffer = opened(64 * 1024);
        append(BatchFixtures.whole(100, 1, 500_000));
        assertThat(buffer.append(BatchFixtures.whole(200, 1, 10), NOW)).isFalse();
        buffer.trim(lsn(100));
        append(BatchFixtures.whole(200, 1, 500_000));
        assertThat(readAll(100)).isEqualTo(described(List.of(BatchFixtures.whole(200, 1, 500_000))));
    }

    @Test
    void a_transaction_above_the_limit_passes_in_parts() throws InterruptedException {
        buffer.close();
        buffer = opened(64 * 1024);
        append(BatchFixtures.whole(100, 1, 10));
        List<ChangeBatch> parts = BatchFixtures.parted(200, 20, 2, 10_000);
        for (ChangeBatch part : parts) {
            append(part);
        }
        assertThat(readAll(100)).isEqualTo(described(parts));
        assertThat(buffer.append(BatchFixtures.whole(300, 1, 10), NOW)).isFalse();
        buffer.trim(lsn(200));
        append(BatchFixtures.whole(300, 1, 10));
    }

    @Test
    void a_waiting_appender_goes_on_when_there_is_room() throws Exception {
        buffer.close();
        buffer = opened(64 * 1024);
        append(BatchFixtures.whole(100, 1, 60_000));
        CompletableFuture<Boolean> waiting = inThread(() -> buffer.append(BatchFixtures.whole(200, 1, 60_000), LONG));
        buffer.trim(lsn(100));
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_waiting_reader_gets_what_comes() throws Exception {
        try (BufferReader reader = buffer.reader("waiting", Lsn.ZERO)) {
            CompletableFuture<ChangeBatch> waiting = inThread(() -> reader.poll(LONG));
            append(BatchFixtures.whole(100, 1, 10));
            assertThat(waiting.get(20, TimeUnit.SECONDS).endLsn()).isEqualTo(lsn(100));
        }
    }

    @Test
    void close_wakes_who_waits() throws Exception {
        buffer.close();
        buffer = opened(64 * 1024);
        append(BatchFixtures.whole(100, 1, 60_000));
        CompletableFuture<Boolean> appender = inThread(() -> buffer.append(BatchFixtures.whole(200, 1, 60_000), LONG));
        try (BufferReader reader = buffer.reader("waiting", lsn(100))) {
            CompletableFuture<ChangeBatch> reading = inThread(() -> reader.poll(LONG));
            buffer.close();
            buffer.close();
            assertThat(appender.get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(reading.get(20, TimeUnit.SECONDS)).isNull();
            assertThat(reader.poll(NOW)).isNull();
        }
        assertThat(buffer.append(BatchFixtures.whole(200, 1, 10), NOW)).isFalse();
    }

    @Test
    void one_appender_one_trimmer_and_two_readers_work_at_the_same_time() throws Exception {
        buffer.close();
        buffer = opened(256 * 1024);
        int count = 2000;
        BufferReader one = buffer.reader("one", Lsn.ZERO);
        BufferReader two = buffer.reader("two", Lsn.ZERO);
        long[] reached = new long[2];
        Object order = new Object();
        CompletableFuture<Void> first = inThread(() -> follow(one, count, reached, 0, order));
        CompletableFuture<Void> second = inThread(() -> follow(two, count, reached, 1, order));
        for (int i = 1; i <= count; i++) {
            if (i % 50 == 0) {
                for (ChangeBatch part : BatchFixtures.parted(i * 10L, 3, 1, 2000)) {
                    assertThat(buffer.append(part, LONG)).isTrue();
                }
            } else {
                assertThat(buffer.append(BatchFixtures.whole(i * 10L, 1, 1000), LONG))
                        .isTrue();
            }
        }
        first.get(60, TimeUnit.SECONDS);
        second.get(60, TimeUnit.SECONDS);
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(count * 10L));
    }

    private Void follow(BufferReader reader, int count, long[] reached, int index, Object order)
            throws InterruptedException {
        long expected = 10;
        while (expected <= count * 10L) {
            ChangeBatch batch = reader.poll(LONG);
            assertThat(batch).isNotNull();
            if (!batch.endsOnBoundary()) {
                continue;
            }
            assertThat(batch.endLsn()).isEqualTo(lsn(expected));
            synchronized (order) {
                reached[index] = expected;
                buffer.trim(lsn(Math.min(reached[0], reached[1])));
            }
            expected += 10;
        }
        reader.close();
        return null;
    }

    /** A step that may be interrupted. */
    protected interface Step<T> {
        T run() throws Exception;
    }

    /** Runs the step in a thread of its own, which is under way when this returns. */
    protected static <T> CompletableFuture<T> inThread(Step<T> step) throws InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            started.countDown();
            try {
                result.complete(step.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        started.await();
        return result;
    }
}
