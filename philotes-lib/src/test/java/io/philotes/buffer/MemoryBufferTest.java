// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.internal.PartsAhead;
import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.SmallDisk;
import io.philotes.testkit.contract.BatchFixtures;
import io.philotes.testkit.contract.ChangeBufferContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where every transaction in parts goes to a file; {@link KeptPartsTest} has those that need none. */
class MemoryBufferTest extends ChangeBufferContract {

    @TempDir
    Path directory;

    @Override
    protected ChangeBuffer create(long limitBytes) {
        return new MemoryBuffer(limitBytes, new Spilling(directory, PartsAhead.BYTES, 0));
    }

    @Test
    void progress_marks_in_a_row_become_one() throws InterruptedException {
        append(ChangeBatch.progress(lsn(10)));
        append(ChangeBatch.progress(lsn(20)));
        append(ChangeBatch.progress(lsn(30)));
        assertThat(readAll(0)).isEqualTo(described(List.of(ChangeBatch.progress(lsn(30)))));
        assertThat(buffer.heldBytes()).isZero();
    }

    @Test
    void a_spilled_transaction_costs_no_heap_and_leaves_no_file() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 10, 10, 100_000);
        for (ChangeBatch part : parts) {
            append(part);
        }
        long size = parts.stream().mapToLong(ChangeBatch::length).sum();
        assertThat(buffer.heldBytes()).isEqualTo(size);
        assertThat(readAll(0)).isEqualTo(described(parts));
        buffer.trim(lsn(100));
        assertThat(buffer.heldBytes()).isZero();
        assertThat(files()).isEmpty();
    }

    @Test
    void two_readers_are_in_the_same_spilled_transaction() throws InterruptedException {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 3, 1, 100);
        for (ChangeBatch part : parts) {
            append(part);
        }
        try (BufferReader one = buffer.reader("one", Lsn.ZERO);
                BufferReader two = buffer.reader("two", Lsn.ZERO)) {
            for (ChangeBatch part : parts) {
                assertThat(BatchFixtures.describe(one.poll(NOW))).isEqualTo(BatchFixtures.describe(part));
                assertThat(BatchFixtures.describe(two.poll(NOW))).isEqualTo(BatchFixtures.describe(part));
            }
        }
    }

    @Test
    void a_spill_directory_that_is_gone_finishes_the_buffer() throws IOException {
        Files.delete(directory);
        List<ChangeBatch> parts = BatchFixtures.parted(100, 3, 1, 100);
        refused(ErrorCode.BUFFER_FAILED, () -> buffer.append(parts.get(0), NOW));
        refused(ErrorCode.BUFFER_FAILED, () -> buffer.append(BatchFixtures.whole(100, 1, 10), NOW));
        assertThat(buffer.durableUpTo()).isEqualTo(Lsn.ZERO);
        Files.createDirectory(directory);
    }

    @Test
    void it_goes_on_behind_a_failed_spill_when_the_incomplete_transaction_is_discarded() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 2, 1, 100);
        Files.delete(directory);
        refused(ErrorCode.BUFFER_FAILED, () -> buffer.append(parts.get(0), NOW));
        assertThat(buffer.trouble()).isPresent();
        Files.createDirectory(directory);
        buffer.discardIncomplete();
        assertThat(buffer.trouble()).isEmpty();
        append(parts.get(0));
        append(parts.get(1));
        assertThat(readAll(0)).isEqualTo(described(parts));
    }

    @Test
    void a_full_disk_is_waited_for_when_a_transaction_is_spilled() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 1)) {
            List<ChangeBatch> parts = BatchFixtures.parted(100, 3, 1, 700_000);
            try (MemoryBuffer small = MemoryBuffer.bounded(1_000, disk.path())) {
                assertThat(small.append(parts.get(0), NOW)).isTrue();
                assertThat(small.append(parts.get(1), NOW)).isFalse();
                assertThat(small.trouble()).hasValueSatisfying(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FULL);
                    assertThat(e.getMessage()).contains(disk.path().toString());
                });
                disk.remount("size=8m");
                assertThat(small.append(parts.get(1), NOW)).isTrue();
                assertThat(small.append(parts.get(2), NOW)).isTrue();
                assertThat(small.trouble()).isEmpty();
                try (BufferReader reader = small.reader("all", Lsn.ZERO)) {
                    for (ChangeBatch part : parts) {
                        assertThat(BatchFixtures.describe(reader.poll(NOW))).isEqualTo(BatchFixtures.describe(part));
                    }
                }
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
