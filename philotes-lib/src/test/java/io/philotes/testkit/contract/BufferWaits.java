// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferReader;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Threads that wait for each other. */
abstract class BufferWaits extends BufferRoom {

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
