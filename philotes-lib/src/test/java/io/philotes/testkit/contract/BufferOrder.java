// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes in comes out, in order and whole. */
abstract class BufferOrder extends BufferCase {

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
    void a_reader_that_has_waited_for_its_place_is_given_nothing_before_it() throws InterruptedException {
        append(BatchFixtures.whole(100, 1, 10));
        try (BufferReader reader = buffer.reader("ahead", lsn(400))) {
            assertThat(reader.poll(NOW)).isNull();
            append(BatchFixtures.whole(200, 1, 10));
            assertThat(reader.poll(NOW)).isNull();
            for (ChangeBatch part : BatchFixtures.parted(300, 2, 1, 10)) {
                append(part);
            }
            append(BatchFixtures.whole(400, 1, 10));
            assertThat(drain(reader)).isEmpty();
            buffer.trim(lsn(400));
            ChangeBatch next = BatchFixtures.whole(500, 1, 10);
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
}
