// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.testkit.contract.BatchFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that earlier versions wrote, kept as resources: every later version reads them. A new format gets a directory of its
 * own beside them, written once with {@code -Dphilotes.formats=<number>}, and the old ones stay.
 */
class FormatFilesTest {

    private static final Path KEPT = Path.of("src/test/resources/formats");

    private static final Checkpoint CHECKPOINT = new Checkpoint(
            "6f1c0a4e",
            7,
            "7300000000000000001",
            "philotes_kept",
            new Lsn(0x16B3748),
            Map.of(
                    new TableId("public", "orders"),
                    new TableProgress(TableState.STREAMING, new Lsn(0x16B3748), new Lsn(0x16B0000), ""),
                    new TableId("Sh\u00f6p", "a \"b\""),
                    new TableProgress(TableState.HELD, new Lsn(0x16A0000), Lsn.ZERO, "a reason")));

    @TempDir
    Path directory;

    /** Two segments, the first one trimmed in part; a parted transaction over both; a mark; an end that never came. */
    private static List<ChangeBatch> content() {
        List<ChangeBatch> batches = new ArrayList<>();
        batches.add(BatchFixtures.whole(100, 2, 500));
        batches.add(BatchFixtures.wholes(150, 200));
        batches.addAll(BatchFixtures.parted(300, 3, 2, 900));
        batches.add(ChangeBatch.progress(new Lsn(400)));
        batches.add(BatchFixtures.whole(500, 1, 3, BatchFixtures.ITEMS));
        return batches;
    }

    @Test
    @EnabledIfSystemProperty(named = "philotes.formats", matches = "[0-9]+")
    void write() throws Exception {
        Path into = KEPT.resolve(System.getProperty("philotes.formats"));
        try (DiskBuffer buffer = buffer(into.resolve("buffer"))) {
            buffer.open("kept");
            for (ChangeBatch batch : content()) {
                buffer.append(batch, Duration.ZERO);
            }
            buffer.append(BatchFixtures.parted(600, 3, 1, 50).get(0), Duration.ZERO);
            buffer.trim(new Lsn(100));
        }
        Files.deleteIfExists(into.resolve("buffer/lock"));
        FileCheckpointStore.at(into.resolve("checkpoint")).save("kept", CHECKPOINT);
    }

    private static DiskBuffer buffer(Path path) {
        return DiskBuffer.builder(path)
                .segmentBytes(4096)
                .limitBytes(1 << 20)
                .keepFreeBytes(0)
                .build();
    }

    private Path copy(Path from) throws IOException {
        Path copy = directory.resolve(from.getParent().getFileName() + "-" + from.getFileName());
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static List<Path> kept() throws IOException {
        try (Stream<Path> formats = Files.list(KEPT)) {
            return formats.sorted().toList();
        }
    }

    @Test
    void buffers_of_every_earlier_format_are_read_and_gone_on_with() throws Exception {
        assertThat(kept()).isNotEmpty();
        for (Path format : kept()) {
            Path path = copy(format.resolve("buffer"));
            List<String> expected = new ArrayList<>(
                    content().stream().skip(1).map(BatchFixtures::describe).toList());
            ChangeBatch next = BatchFixtures.whole(600, 1, 10);
            try (DiskBuffer buffer = buffer(path)) {
                buffer.open("kept");
                assertThat(read(buffer)).as(format.toString()).isEqualTo(expected);
                assertThat(buffer.append(next, Duration.ZERO)).isTrue();
            }
            expected.add(BatchFixtures.describe(next));
            try (DiskBuffer buffer = buffer(path)) {
                buffer.open("kept");
                assertThat(read(buffer)).as(format.toString()).isEqualTo(expected);
            }
        }
    }

    private static List<String> read(DiskBuffer buffer) throws InterruptedException {
        List<String> all = new ArrayList<>();
        try (BufferReader reader = buffer.reader("kept", buffer.trimmedUpTo())) {
            for (ChangeBatch batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                all.add(BatchFixtures.describe(batch));
            }
        }
        return all;
    }

    @Test
    void checkpoints_of_every_earlier_format_are_read_and_gone_on_with() throws Exception {
        for (Path format : kept()) {
            FileCheckpointStore store = FileCheckpointStore.at(copy(format.resolve("checkpoint")));
            assertThat(store.load("kept")).as(format.toString()).contains(CHECKPOINT);
            assertThat(store.save("kept", CHECKPOINT)).isEqualTo(CHECKPOINT);
            assertThat(store.load("kept")).contains(CHECKPOINT);
        }
    }

    @Test
    void a_file_of_a_newer_format_is_refused_by_name_and_stays_as_it_is() throws Exception {
        Path path = copy(kept().get(kept().size() - 1).resolve("buffer"));
        for (String name : List.of("state", SegmentHeader.fileName(1), SegmentHeader.fileName(2))) {
            Path file = path.resolve(name);
            byte[] present = Files.readAllBytes(file);
            Files.write(file, newer(present.clone(), name.equals("state") ? StateFile.SLOT : SegmentHeader.LENGTH));
            byte[] newer = Files.readAllBytes(file);
            try (DiskBuffer buffer = buffer(path)) {
                assertThatThrownBy(() -> buffer.open("kept")).isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_TOO_NEW);
                    assertThat(e.getMessage()).contains(file.toString(), "format 2", "newest that is known here is 1");
                });
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(newer);
            Files.write(file, present);
        }
    }

    /** As a newer version would write it: another number, and a checksum that fits. */
    private static byte[] newer(byte[] file, int blockLength) {
        for (int start = 0; start == 0 || start + 2 * blockLength <= file.length && blockLength == StateFile.SLOT; ) {
            ByteBuffer block = ByteBuffer.wrap(file, start, blockLength).slice();
            block.putInt(8, block.getInt(8) + 1);
            CRC32C crc = new CRC32C();
            crc.update(file, start, blockLength - 4);
            block.putInt(blockLength - 4, (int) crc.getValue());
            start += blockLength;
        }
        return file;
    }
}
