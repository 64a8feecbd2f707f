// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a {@link ChangeBuffer} promises whose readers hand out the parts of a large transaction while they come
 * ({@link BufferReader#pollAhead}): nothing is mixed, and who read of a transaction that was withdrawn is told. To look ahead is
 * optional; a buffer that does not needs only {@link ChangeBufferContract}.
 */
@Timeout(60)
public abstract class ReadAheadContract {

    /** From this size on a transaction is large. */
    protected static final long AHEAD_BYTES = 3_000;

    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(30);

    private ChangeBuffer buffer;

    /** A buffer whose readers go ahead from {@link #AHEAD_BYTES} on; not open. */
    protected abstract ChangeBuffer create();

    @BeforeEach
    void open_a_buffer() {
        buffer = create();
        buffer.open("ahead");
    }

    @AfterEach
    void close_the_buffer() {
        buffer.close();
    }

    private void append(ChangeBatch batch) throws InterruptedException {
        assertThat(buffer.append(batch, NOW)).isTrue();
    }

    private static void reads(BufferReader reader, ChangeBatch expected, boolean ahead) throws InterruptedException {
        ChangeBatch read = reader.pollAhead(NOW);
        assertThat(read).isNotNull();
        assertThat(BatchFixtures.describe(read)).isEqualTo(BatchFixtures.describe(expected));
        assertThat(reader.isAhead()).isEqualTo(ahead);
    }

    private static void isWithdrawn(BufferReader reader) {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> reader.poll(NOW))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.recovery()).isEqualTo(Recovery.RETRY));
        }
    }

    @Test
    void a_large_transaction_is_read_while_it_comes() throws InterruptedException {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 5, 10, 100);
        try (BufferReader ahead = buffer.reader("ahead", Lsn.ZERO);
                BufferReader other = buffer.reader("other", Lsn.ZERO)) {
            append(parts.get(0));
            append(parts.get(1));
            assertThat(ahead.pollAhead(NOW)).as("it is not large yet").isNull();
            append(parts.get(2));
            reads(ahead, parts.get(0), true);
            reads(ahead, parts.get(1), true);
            reads(ahead, parts.get(2), true);
            assertThat(ahead.pollAhead(NOW)).isNull();
            append(parts.get(3));
            ChangeBatch fourth = ahead.poll(NOW);
            assertThat(BatchFixtures.describe(fourth)).isEqualTo(BatchFixtures.describe(parts.get(3)));
            assertThat(other.poll(NOW)).as("a reader that waits for the whole").isNull();
            assertThat(buffer.appendedUpTo()).isEqualTo(Lsn.ZERO);
            append(parts.get(4));
            reads(ahead, parts.get(4), false);
            for (ChangeBatch part : parts) {
                reads(other, part, false);
            }
            append(BatchFixtures.whole(200, 1, 10));
            reads(ahead, BatchFixtures.whole(200, 1, 10), false);
            assertThat(ahead.pollAhead(NOW)).isNull();
        }
    }

    @Test
    void a_withdrawn_transaction_ends_who_read_of_it_and_nobody_else() throws InterruptedException {
        ChangeBatch before = BatchFixtures.whole(50, 1, 10);
        append(before);
        List<ChangeBatch> parts = BatchFixtures.parted(100, 5, 10, 100);
        try (BufferReader inside = buffer.reader("inside", Lsn.ZERO);
                BufferReader outside = buffer.reader("outside", Lsn.ZERO)) {
            for (ChangeBatch part : parts.subList(0, 4)) {
                append(part);
            }
            reads(inside, before, false);
            reads(inside, parts.get(0), true);
            reads(outside, before, false);
            buffer.discardIncomplete();
            isWithdrawn(inside);
            assertThat(outside.pollAhead(NOW)).isNull();
            List<ChangeBatch> again = BatchFixtures.parted(120, 5, 20, 100);
            for (ChangeBatch part : again) {
                append(part);
            }
            isWithdrawn(inside);
            for (ChangeBatch part : again) {
                reads(outside, part, false);
            }
            try (BufferReader anew = buffer.reader("anew", new Lsn(50))) {
                for (ChangeBatch part : again) {
                    reads(anew, part, false);
                }
            }
        }
    }

    @Test
    void the_same_transaction_sent_again_is_another_one() throws InterruptedException {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 5, 10, 100);
        try (BufferReader inside = buffer.reader("inside", Lsn.ZERO)) {
            for (ChangeBatch part : parts.subList(0, 4)) {
                append(part);
            }
            reads(inside, parts.get(0), true);
            reads(inside, parts.get(1), true);
            buffer.discardIncomplete();
            for (ChangeBatch part : parts) {
                append(part);
            }
            isWithdrawn(inside);
        }
    }

    @Test
    void a_reader_that_waits_inside_is_told_at_once() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 5, 10, 100);
        try (BufferReader inside = buffer.reader("inside", Lsn.ZERO)) {
            for (ChangeBatch part : parts.subList(0, 3)) {
                append(part);
            }
            for (ChangeBatch part : parts.subList(0, 3)) {
                reads(inside, part, true);
            }
            CompletableFuture<Void> told = CompletableFuture.runAsync(
                    () -> assertThatThrownBy(() -> inside.poll(LONG)).isInstanceOf(PhilotesException.class));
            buffer.discardIncomplete();
            told.join();
        }
    }

    @Test
    void a_reader_whose_place_is_not_reached_waits() throws InterruptedException {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 5, 10, 100);
        try (BufferReader later = buffer.reader("later", new Lsn(100))) {
            for (ChangeBatch part : parts) {
                append(part);
                assertThat(later.pollAhead(NOW)).isNull();
            }
            append(BatchFixtures.whole(200, 1, 10));
            reads(later, BatchFixtures.whole(200, 1, 10), false);
        }
    }

    /** Whatever a reader takes for whole is exactly one sending of a transaction, in order. */
    @Test
    void a_reader_at_full_speed_never_mixes_two_sendings() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int transactions = 60;
        Thread reader = new Thread(() -> {
            try {
                readThrough(transactions);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        for (int i = 1; i <= transactions; i++) {
            for (int sending = random.nextInt(3); sending > 0; sending--) {
                List<ChangeBatch> parts = BatchFixtures.parted(i * 100L, 4 + random.nextInt(6), 10, 100);
                for (ChangeBatch part : parts.subList(0, 1 + random.nextInt(parts.size() - 1))) {
                    append(part);
                }
                buffer.discardIncomplete();
            }
            for (ChangeBatch part : BatchFixtures.parted(i * 100L, 2 + i % 7, 10, 100)) {
                append(part);
            }
        }
        reader.join();
        assertThat(failure.get()).as("seed " + seed).isNull();
    }

    private void readThrough(int transactions) throws InterruptedException {
        Lsn settled = Lsn.ZERO;
        List<List<String>> read = new ArrayList<>();
        int done = 0;
        BufferReader reader = buffer.reader("r", settled);
        while (done < transactions) {
            try {
                ChangeBatch batch = reader.pollAhead(LONG);
                assertThat(batch).isNotNull();
                read.add(List.of(String.valueOf(BatchFixtures.describe(batch))));
                if (batch.endsOnBoundary()) {
                    done++;
                    settled = batch.endLsn();
                    assertThat(read).isEqualTo(expected(done));
                    read.clear();
                }
            } catch (PhilotesException e) {
                assertThat(e.recovery()).isEqualTo(Recovery.RETRY);
                assertThat(e).hasMessageContaining("inside of a large transaction");
                reader.close();
                reader = buffer.reader("r", settled);
                read.clear();
            }
        }
        reader.close();
    }

    private static List<List<String>> expected(int transaction) {
        return BatchFixtures.parted(transaction * 100L, 2 + transaction % 7, 10, 100).stream()
                .map(part -> List.of(String.valueOf(BatchFixtures.describe(part))))
                .toList();
    }
}
