// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.testkit.ChildProcess;
import io.philotes.testkit.SmallDisk;
import io.philotes.testkit.contract.BatchFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A buffer in real directories: who owns them, what is wrong with them, and what reaches the disk when. */
class DiskDirectoryTest {

    @TempDir
    Path root;

    private static DiskBuffer buffer(Path path) {
        return DiskBuffer.builder(path)
                .segmentBytes(1 << 20)
                .limitBytes(1 << 30)
                .build();
    }

    private static void refused(ErrorCode code, Path path, String... words) {
        try (DiskBuffer buffer = buffer(path)) {
            assertThatThrownBy(() -> buffer.open("mine")).isInstanceOfSatisfying(PhilotesException.class, e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.getMessage()).contains(words);
            });
        }
    }

    @Test
    void a_directory_that_another_process_owns_is_refused_until_that_is_dead() throws Exception {
        Path path = root.resolve("owned");
        try (ChildProcess child = ChildProcess.start(
                "64m", BufferChild.class, path.toString(), root.resolve("c").toString())) {
            child.line("OWNED");
            refused(ErrorCode.BUFFER_IN_USE, path, path.toString());
            child.kill();
        }
        try (DiskBuffer buffer = buffer(path)) {
            buffer.open("child");
            assertThat(buffer.appendedUpTo()).isEqualTo(new Lsn(300));
        }
    }

    @Test
    void a_directory_that_cannot_be_written_is_told_before_anything_is_stored() throws Exception {
        assertThat(buffer(root.resolve("new/one")).place()).isEmpty();
        assertThat(root).isEmptyDirectory();
        Path file = Files.createFile(root.resolve("not"));
        assertThatThrownBy(buffer(file.resolve("one"))::place)
                .hasMessageContainingAll(file + " is not a directory", "path=" + file.resolve("one"))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FAILED));
    }

    @Test
    void a_directory_may_be_a_link_and_is_owned_once_by_whatever_name() throws Exception {
        Path real = Files.createDirectory(root.resolve("real"));
        Path link = Files.createSymbolicLink(root.resolve("link"), real);
        try (DiskBuffer buffer = buffer(link)) {
            buffer.open("mine");
            refused(ErrorCode.BUFFER_IN_USE, real, real.toString());
            // Where the link points to later does not matter to who came through it before.
            Files.delete(link);
            Files.createSymbolicLink(link, Files.createDirectory(root.resolve("elsewhere")));
            assertThat(buffer.append(BatchFixtures.whole(100, 1, 2 << 20), Duration.ZERO))
                    .isTrue();
            assertThat(buffer.append(BatchFixtures.whole(200, 1, 10), Duration.ZERO))
                    .isTrue();
        }
        assertThat(root.resolve("elsewhere")).isEmptyDirectory();
        try (DiskBuffer buffer = buffer(real)) {
            buffer.open("mine");
            assertThat(buffer.appendedUpTo()).isEqualTo(new Lsn(200));
        }
    }

    @Test
    void a_segment_that_is_a_link_is_refused() throws Exception {
        Path path = root.resolve("buffer");
        try (DiskBuffer buffer = buffer(path)) {
            buffer.open("mine");
        }
        Path segment = path.resolve(SegmentHeader.fileName(1));
        Files.move(segment, root.resolve("moved"));
        Files.createSymbolicLink(segment, root.resolve("moved"));
        refused(ErrorCode.BUFFER_FAILED, path, "symbolic link", segment.toString());
    }

    @Test
    void what_is_no_directory_is_refused_by_name() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "not a directory");
        refused(ErrorCode.BUFFER_FAILED, file, "not a directory", file.toString());
        refused(ErrorCode.BUFFER_FAILED, file.resolve("below"), file.toString());
    }

    @Test
    void a_disk_that_is_read_only_or_full_is_refused_by_name() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(root.resolve("disk"), 4)) {
            Path path = disk.path().resolve("buffer");
            Files.createDirectories(path);
            Path filler = disk.fill();
            refused(ErrorCode.BUFFER_FULL, path, path.toString());
            Files.delete(filler);
            disk.remount("ro");
            refused(ErrorCode.BUFFER_FAILED, path, "Read-only", path.toString());
            disk.remount("rw");
            try (DiskBuffer buffer = buffer(path)) {
                buffer.open("mine");
            }
        }
    }

    @Test
    void a_buffer_on_a_full_disk_opens_reads_trims_and_goes_on_when_there_is_room() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(root.resolve("disk"), 8)) {
            Path path = disk.path().resolve("buffer");
            long end = 0;
            try (DiskBuffer buffer = buffer(path)) {
                buffer.open("mine");
                while (buffer.append(BatchFixtures.whole(end + 100, 1, 300_000), Duration.ZERO)) {
                    end += 100;
                }
                assertThat(buffer.trouble()).hasValueSatisfying(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FULL);
                    assertThat(e.getMessage()).contains(path.toString());
                });
            }
            Path filler = disk.fill();
            assertThat(path.toFile().getUsableSpace()).isZero();
            try (DiskBuffer buffer = buffer(path)) {
                buffer.open("mine");
                assertThat(read(buffer)).hasSize((int) end / 100).last().isEqualTo(new Lsn(end));
                assertThat(buffer.append(BatchFixtures.whole(end + 100, 1, 300_000), Duration.ZERO))
                        .isFalse();
                Files.delete(filler);
                buffer.trim(new Lsn(end));
                assertThat(buffer.append(BatchFixtures.whole(end + 100, 1, 300_000), Duration.ZERO))
                        .isTrue();
                assertThat(buffer.trouble()).isEmpty();
            }
        }
    }

    private static List<Lsn> read(DiskBuffer buffer) throws InterruptedException {
        List<Lsn> ends = new ArrayList<>();
        try (BufferReader reader = buffer.reader("all", Lsn.ZERO)) {
            for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                ends.add(batch.endLsn());
            }
        }
        return ends;
    }

    /** The system calls themselves, as a tracer sees them. */
    @Test
    void every_new_and_every_removed_name_is_forced_into_its_directory() throws Exception {
        Path buffer = root.resolve("deep/er/buffer");
        Path checkpoint = root.resolve("other/checkpoint");
        Path trace = root.resolve("trace");
        try (ChildProcess child = ChildProcess.under(
                List.of(
                        "strace",
                        "-f",
                        "-y",
                        "-s",
                        "500",
                        "-o",
                        trace.toString(),
                        "-e",
                        "trace=openat,mkdir,unlink,rename,fsync,fdatasync"),
                "128m",
                BufferChild.class,
                buffer.toString(),
                checkpoint.toString())) {
            child.line("OWNED");
        } catch (java.io.IOException noTracer) {
            Assumptions.abort("there is no strace here");
        }
        List<String> calls = Files.readAllLines(trace);
        for (Path made : List.of(root.resolve("deep"), root.resolve("deep/er"), buffer, checkpoint)) {
            assertForced(calls, "mkdir(\"" + made + "\"", made.getParent());
        }
        assertForced(calls, "\"" + buffer.resolve(SegmentHeader.fileName(2)) + "\", O_RDWR|O_CREAT", buffer);
        assertForced(calls, "unlink(\"" + buffer.resolve(SegmentHeader.fileName(2)) + "\"", buffer);
        assertForced(calls, "rename(\"" + checkpoint.resolve("child.json.tmp") + "\"", checkpoint);
        int written = indexOf(calls, 0, "sync(", "<" + checkpoint.resolve("child.json.tmp") + ">");
        assertThat(written).isLessThan(indexOf(calls, 0, "rename(\"" + checkpoint.resolve("child.json.tmp")));
    }

    /** The system itself says no to one force, and takes the pages for clean from then on. */
    @Test
    void a_force_that_fails_for_real_is_recovered_from_in_place() throws Exception {
        Path path = root.resolve("buffer");
        try (ChildProcess child = ChildProcess.under(
                List.of("strace", "-f", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=12"),
                "128m",
                FailingForceChild.class,
                path.toString())) {
            assertThat(child.line("FAILED")).contains("PHI-3001", "sync failed", path.toString());
            child.line("DONE");
        } catch (java.io.IOException noTracer) {
            Assumptions.abort("there is no strace here");
        }
        try (DiskBuffer buffer = buffer(path)) {
            buffer.open("child");
            assertThat(read(buffer))
                    .isEqualTo(LongStream.rangeClosed(1, 10)
                            .mapToObj(i -> new Lsn(i * 100))
                            .toList());
        }
    }

    private static void assertForced(List<String> calls, String change, Path directory) {
        indexOf(calls, indexOf(calls, 0, change), "sync(", "<" + directory + ">");
    }

    private static int indexOf(List<String> calls, int from, String... parts) {
        for (int i = from; i < calls.size(); i++) {
            String call = calls.get(i);
            if (List.of(parts).stream().allMatch(call::contains)) {
                return i;
            }
        }
        throw new AssertionError(
                "no call of " + List.of(parts) + " behind " + from + " in\n" + String.join("\n", calls));
    }
}
