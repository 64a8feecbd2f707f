// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The marks and the limit: what is forgotten, where an empty buffer begins, and what fits. */
abstract class BufferRoom extends BufferOrder {

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
}
