// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.testkit.contract.BatchFixtures;
import io.philotes.testkit.contract.ChangeBufferContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBufferTest extends ChangeBufferContract {

    @TempDir
    Path root;

    private int created;
    private long limit = ROOMY;
    private Path directory;

    @Override
    protected ChangeBuffer create(long limitBytes) {
        limit = limitBytes;
        directory = root.resolve("buffer-" + created++);
        return onDisk(directory);
    }

    @Override
    protected ChangeBuffer again(long limitBytes) {
        limit = limitBytes;
        return onDisk(directory);
    }

    private ChangeBuffer onDisk(Path path) {
        return DiskBuffer.builder(path)
                .limitBytes(limit)
                .segmentBytes(Math.max(4096, limit / 256))
                .build();
    }

    private void reopen() {
        buffer.close();
        buffer = onDisk(directory);
        buffer.open("contract");
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        }
    }

    private Path lastSegment() throws IOException {
        List<Path> all = segments();
        return all.get(all.size() - 1);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 0x10);
        }
    }

    private static void shorten(Path file, long length) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(length);
        }
    }

    private List<ChangeBatch> fill(int batches, int bytes) throws InterruptedException {
        List<ChangeBatch> filled = new ArrayList<>();
        for (int i = 1; i <= batches; i++) {
            ChangeBatch batch =
                    BatchFixtures.whole(i * 100L, 1, bytes, i % 2 == 0 ? BatchFixtures.ORDERS : BatchFixtures.ITEMS);
            append(batch);
            filled.add(batch);
        }
        return filled;
    }

    @Test
    void everything_is_there_after_a_restart() throws Exception {
        List<ChangeBatch> batches = fill(20, 60_000);
        append(ChangeBatch.progress(lsn(2500)));
        assertThat(segments()).hasSizeGreaterThan(2);
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(2500));
        assertThat(buffer.durableUpTo()).isEqualTo(lsn(2500));
        batches.add(ChangeBatch.progress(lsn(2500)));
        assertThat(readAll(0)).isEqualTo(described(batches));
        assertThat(readAll(1050)).isEqualTo(described(batches.subList(10, 21)));
        ChangeBatch next = BatchFixtures.whole(2600, 1, 10);
        append(next);
        assertThat(readAll(2500)).isEqualTo(described(List.of(next)));
    }

    @Test
    void trimmed_segments_are_gone_and_stay_gone() throws Exception {
        List<ChangeBatch> batches = fill(20, 60_000);
        int before = segments().size();
        buffer.trim(lsn(1000));
        assertThat(segments()).hasSizeLessThan(before);
        reopen();
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(1000));
        assertThat(readAll(1000)).isEqualTo(described(batches.subList(10, 20)));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.reader("late", lsn(999)));
        buffer.trim(lsn(2000));
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(2000));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(2000));
        assertThat(readAll(2000)).isEmpty();
        assertThat(segments()).hasSize(1);
    }

    @Test
    void a_start_position_survives() throws Exception {
        buffer.startAt(lsn(5000));
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(5000));
        assertThat(buffer.trimmedUpTo()).isEqualTo(lsn(5000));
        refused(ErrorCode.BUFFER_TRIMMED, () -> buffer.reader("late", lsn(4999)));
    }

    @Test
    void a_relation_is_stored_once_in_a_segment() throws Exception {
        RelationSchema wide = BatchFixtures.relation(7, "w".repeat(5000));
        append(BatchFixtures.whole(100, 1, 10, wide));
        long once = buffer.heldBytes();
        append(BatchFixtures.whole(200, 1, 10, wide));
        append(BatchFixtures.whole(300, 1, 10, BatchFixtures.relation(7, "w".repeat(5000))));
        assertThat(buffer.heldBytes()).isLessThan(once + 1000);
        reopen();
        append(BatchFixtures.whole(400, 1, 10, wide));
        assertThat(buffer.heldBytes()).isLessThan(once + 1500);
        assertThat(readAll(300)).isEqualTo(described(List.of(BatchFixtures.whole(400, 1, 10, wide))));
    }

    @Test
    void a_parted_transaction_over_many_segments_survives_or_is_cut() throws Exception {
        List<ChangeBatch> parts = BatchFixtures.parted(200, 30, 2, 30_000);
        append(BatchFixtures.whole(100, 1, 10));
        for (ChangeBatch part : parts.subList(0, 29)) {
            append(part);
        }
        assertThat(segments()).hasSizeGreaterThan(3);
        reopen();
        assertThat(segments()).hasSize(1);
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        for (ChangeBatch part : parts) {
            append(part);
        }
        append(BatchFixtures.whole(300, 1, 10));
        reopen();
        assertThat(readAll(100).subList(0, 30)).isEqualTo(described(parts));
        assertThat(readAll(199)).hasSize(31);
        assertThat(readAll(200)).hasSize(1);
        buffer.trim(lsn(199));
        assertThat(readAll(199)).hasSize(31);
        buffer.trim(lsn(200));
        assertThat(readAll(200)).hasSize(1);
    }

    @Test
    void discarding_goes_back_over_segments() throws Exception {
        append(BatchFixtures.whole(100, 1, 10));
        long before = buffer.heldBytes();
        List<ChangeBatch> parts = BatchFixtures.parted(200, 30, 2, 30_000);
        for (ChangeBatch part : parts.subList(0, 29)) {
            append(part);
        }
        buffer.discardIncomplete();
        assertThat(buffer.heldBytes()).isEqualTo(before);
        append(BatchFixtures.whole(150, 1, 10));
        reopen();
        assertThat(readAll(0)).hasSize(2);
    }

    @Test
    void a_second_buffer_is_refused() {
        ChangeBuffer second = onDisk(directory);
        refused(ErrorCode.BUFFER_IN_USE, () -> second.open("contract"));
        second.close();
        ChangeBuffer third = onDisk(directory);
        refused(ErrorCode.BUFFER_IN_USE, () -> third.open("contract"));
        buffer.close();
        third.open("contract");
        third.close();
    }

    @Test
    void another_pipeline_is_refused_and_lets_go() {
        buffer.close();
        ChangeBuffer other = onDisk(directory);
        refused(ErrorCode.INVALID_CONFIGURATION, () -> other.open("other"));
        reopen();
    }

    @Test
    void a_torn_tail_is_cut_off() throws Exception {
        List<ChangeBatch> batches = fill(5, 1000);
        Path crashed = copyWithoutClose();
        Path last = crashed.resolve(lastSegment().getFileName());
        shorten(last, Files.size(last) - 500);
        buffer.close();
        directory = crashed;
        reopen();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(400));
        assertThat(readAll(0)).isEqualTo(described(batches.subList(0, 4)));
        append(batches.get(4));
        reopen();
        assertThat(readAll(0)).isEqualTo(described(batches));
    }

    @Test
    void zeros_behind_the_last_record_are_cut_off() throws Exception {
        List<ChangeBatch> batches = fill(5, 1000);
        Path crashed = copyWithoutClose();
        Path last = crashed.resolve(lastSegment().getFileName());
        shorten(last, Files.size(last) + 100_000);
        buffer.close();
        directory = crashed;
        reopen();
        assertThat(readAll(0)).isEqualTo(described(batches));
    }

    /** What a crash would leave: the files as they are while the buffer is open. */
    private Path copyWithoutClose() throws IOException {
        Path copy = root.resolve("crashed-" + created++);
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void damage_in_the_middle_of_the_last_segment_is_corruption() throws Exception {
        fill(5, 1000);
        Path crashed = copyWithoutClose();
        flip(crashed.resolve(lastSegment().getFileName()), 1500);
        ChangeBuffer damaged = onDisk(crashed);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
    }

    @Test
    void damage_at_the_end_after_an_orderly_close_is_corruption() throws Exception {
        fill(5, 1000);
        buffer.close();
        flip(lastSegment(), Files.size(lastSegment()) - 10);
        ChangeBuffer damaged = onDisk(directory);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
        shorten(lastSegment(), Files.size(lastSegment()) - 20);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
    }

    @Test
    void damage_in_an_earlier_segment_is_found_by_its_reader() throws Exception {
        fill(20, 60_000);
        buffer.close();
        flip(segments().get(0), 70_000);
        buffer = onDisk(directory);
        buffer.open("contract");
        try (BufferReader reader = buffer.reader("victim", Lsn.ZERO)) {
            assertThat(reader.poll(NOW).endLsn()).isEqualTo(lsn(100));
            refused(ErrorCode.BUFFER_CORRUPT, () -> reader.poll(NOW));
            refused(ErrorCode.BUFFER_CORRUPT, () -> reader.poll(NOW));
        }
    }

    @Test
    void a_segment_that_loses_its_last_batches_while_it_is_read_is_corruption_each_time() throws Exception {
        ChangeBatch first = BatchFixtures.whole(50, 1, 60_000);
        append(first);
        Path segment = lastSegment();
        long behindFirst = Files.size(segment);
        fill(20, 60_000);
        assertThat(Files.size(segment)).isGreaterThan(behindFirst);
        assertThat(lastSegment()).isNotEqualTo(segment);
        try (BufferReader reader = buffer.reader("victim", Lsn.ZERO)) {
            assertThat(reader.poll(NOW).endLsn()).isEqualTo(first.endLsn());
            shorten(segment, behindFirst);
            refused(ErrorCode.BUFFER_CORRUPT, () -> reader.poll(NOW));
            refused(ErrorCode.BUFFER_CORRUPT, () -> reader.poll(NOW));
        }
    }

    @Test
    void a_shortened_or_missing_segment_is_corruption() throws Exception {
        fill(20, 60_000);
        buffer.close();
        Path second = segments().get(1);
        byte[] whole = Files.readAllBytes(second);
        shorten(second, whole.length - 1);
        ChangeBuffer damaged = onDisk(directory);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
        Files.delete(second);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
        Files.write(second, whole);
        Path last = lastSegment();
        byte[] lastBytes = Files.readAllBytes(last);
        Files.delete(last);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
        Files.write(last, lastBytes);
        Path state = directory.resolve("state");
        byte[] stateBytes = Files.readAllBytes(state);
        Files.delete(state);
        refused(ErrorCode.BUFFER_CORRUPT, () -> damaged.open("contract"));
        Files.write(state, stateBytes);
        damaged.open("contract");
        damaged.close();
    }

    @Test
    void a_newer_format_is_refused() throws Exception {
        fill(2, 10);
        buffer.close();
        for (Path file : List.of(lastSegment(), directory.resolve("state"))) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] newer = bytes.clone();
            newer[11] = 2;
            Files.write(file, newer);
            ChangeBuffer old = onDisk(directory);
            refused(ErrorCode.FORMAT_TOO_NEW, () -> old.open("contract"));
            Files.write(file, bytes);
        }
        reopen();
    }

    @Test
    void one_damaged_state_slot_leaves_the_other() throws Exception {
        fill(20, 60_000);
        reopen();
        buffer.close();
        flip(directory.resolve("state"), 40);
        reopen();
        buffer.close();
        flip(directory.resolve("state"), 1024 + 40);
        reopen();
        assertThat(readAll(0)).hasSize(20);
    }

    @Test
    void sizes_that_cannot_work_are_refused() {
        refused(
                ErrorCode.INVALID_CONFIGURATION,
                () -> DiskBuffer.builder(root)
                        .limitBytes(1 << 20)
                        .segmentBytes(1 << 20)
                        .build());
        refused(
                ErrorCode.INVALID_CONFIGURATION,
                () -> DiskBuffer.builder(root).segmentBytes(1).build());
        assertThat(DiskBuffer.at(root).limitBytes()).isEqualTo(DiskBuffer.DEFAULT_LIMIT_BYTES);
    }

    @Test
    void an_interrupted_thread_finishes_its_write() throws Exception {
        ChangeBatch batch = BatchFixtures.whole(100, 1, 500_000);
        append(batch);
        Thread.currentThread().interrupt();
        try (BufferReader reader = buffer.reader("interrupted", Lsn.ZERO)) {
            assertThat(reader.poll(NOW)).isNotNull();
            buffer.trim(lsn(100));
            assertThat(segments()).hasSize(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        append(BatchFixtures.whole(200, 1, 10));
        assertThat(readAll(100)).hasSize(1);
    }
}
