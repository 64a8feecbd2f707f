// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.internal.PartsAhead;
import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.contract.BatchFixtures;
import io.philotes.testkit.contract.ChangeBufferContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A memory buffer that keeps the parts of small transactions on the heap. */
class KeptPartsTest extends ChangeBufferContract {

    private static final int KEPT = 10_000;

    @TempDir
    Path directory;

    @Override
    protected ChangeBuffer create(long limitBytes) {
        return new MemoryBuffer(limitBytes, new Spilling(directory, PartsAhead.BYTES, KEPT));
    }

    @Test
    void a_small_transaction_needs_no_directory() throws Exception {
        Files.delete(directory);
        List<ChangeBatch> parts = BatchFixtures.parted(100, 5, 1, KEPT / 10);
        for (ChangeBatch part : parts) {
            append(part);
        }
        assertThat(buffer.heldBytes()).isEqualTo(size(parts)).isLessThan(KEPT);
        assertThat(readAll(0)).isEqualTo(described(parts));
        buffer.trim(lsn(100));
        assertThat(buffer.heldBytes()).isZero();
        Files.createDirectory(directory);
    }

    @Test
    void a_reader_inside_goes_on_when_the_parts_move_to_a_file() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 30, 1, KEPT / 10);
        try (MemoryBuffer ahead = new MemoryBuffer(ROOMY, new Spilling(directory, 1, KEPT));
                BufferReader reader = ahead.reader("one", Lsn.ZERO);
                BufferReader late = ahead.reader("two", Lsn.ZERO)) {
            for (ChangeBatch part : parts) {
                assertThat(ahead.append(part, NOW)).isTrue();
                assertThat(BatchFixtures.describe(reader.pollAhead(NOW))).isEqualTo(BatchFixtures.describe(part));
            }
            for (ChangeBatch part : parts) {
                assertThat(BatchFixtures.describe(late.poll(NOW))).isEqualTo(BatchFixtures.describe(part));
            }
        }
    }

    @Test
    void a_transaction_that_outgrows_the_heap_fails_where_there_is_no_directory_and_comes_again() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(100, 30, 1, KEPT / 10);
        Files.delete(directory);
        int taken = takenBeforeFailure(parts);
        assertThat(taken).isPositive();
        Files.createDirectory(directory);
        buffer.discardIncomplete();
        assertThat(buffer.heldBytes()).isZero();
        for (ChangeBatch part : parts) {
            append(part);
        }
        assertThat(readAll(0)).isEqualTo(described(parts));
    }

    private int takenBeforeFailure(List<ChangeBatch> parts) throws IOException, InterruptedException {
        for (int i = 0; i < parts.size(); i++) {
            ChangeBatch part = parts.get(i);
            if (size(parts.subList(0, i + 1)) > KEPT) {
                refused(ErrorCode.BUFFER_FAILED, () -> buffer.append(part, NOW));
                return i;
            }
            append(part);
        }
        return 0;
    }

    private static long size(List<ChangeBatch> parts) {
        return parts.stream().mapToLong(ChangeBatch::length).sum();
    }
}
