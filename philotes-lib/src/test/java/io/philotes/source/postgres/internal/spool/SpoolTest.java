// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.testkit.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    @TempDir
    Path directory;

    /** Messages by 20 transactions, from empty ones to some that are larger than a block. */
    @Property(tries = 60)
    void what_was_added_comes_back_without_what_was_rolled_back(
            @ForAll long seed, @ForAll @IntRange(max = 400) int count, @ForAll int xid) {
        Random random = new Random(seed);
        List<byte[]> expected = new ArrayList<>();
        try (Spool spool = new Spool(xid, null)) {
            Set<Integer> aborted = new HashSet<>();
            List<byte[]> messages = new ArrayList<>();
            List<Integer> owners = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] message = new byte[1 + random.nextInt(random.nextInt(40) == 0 ? 200_000 : 2_000)];
                random.nextBytes(message);
                int owner = random.nextInt(20);
                spool.add(xid + owner, message[0], message, 1, message.length);
                messages.add(message);
                owners.add(owner);
                if (random.nextInt(10) == 0) {
                    int which = 1 + random.nextInt(30);
                    spool.abort(xid + which);
                    aborted.add(which);
                }
                if (random.nextInt(20) == 0) {
                    spool.leaveMemory();
                }
            }
            for (int i = 0; i < count; i++) {
                if (!aborted.contains(owners.get(i))) {
                    expected.add(messages.get(i));
                }
            }
            assertThat(read(spool)).containsExactlyElementsOf(expected);
        }
    }

    private static List<byte[]> read(Spool spool) {
        List<byte[]> read = new ArrayList<>();
        SpoolReader reader = spool.read();
        while (reader.next()) {
            read.add(Arrays.copyOfRange(reader.bytes(), reader.offset(), reader.limit()));
        }
        assertThat(reader.next()).isFalse();
        return read;
    }

    @Test
    void a_small_transaction_needs_no_file() throws IOException {
        try (Spool spool = new Spool(7, directory.resolve("spool"))) {
            spool.add(7, (byte) 'I', new byte[60_000], 0, 60_000);
            assertThat(directory.resolve("spool")).doesNotExist();
            spool.add(7, (byte) 'I', new byte[60_000], 0, 60_000);
            assertThat(directory.resolve("spool")).isEmptyDirectory();
            assertThat(read(spool)).hasSize(2);
        }
    }

    @Test
    void a_subtransaction_older_than_its_transaction_is_refused() {
        try (Spool spool = new Spool(7, directory)) {
            assertThatThrownBy(() -> spool.abort(6)).isInstanceOf(PhilotesException.class);
            assertThatThrownBy(() -> spool.add(6, (byte) 'I', new byte[1], 0, 1))
                    .isInstanceOf(PhilotesException.class);
        }
    }

    /** All of it goes into a buffer on the same disk, maybe, before it is given back. */
    @Test
    void what_would_leave_no_room_to_pass_it_on_is_refused_in_time() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 150)) {
            Spool spool = new Spool(7, disk.path());
            byte[] message = new byte[60_000];
            int written = 0;
            PhilotesException refused = null;
            while (refused == null && written < 60_000_000) {
                try {
                    spool.add(7, (byte) 'I', message, 0, message.length);
                    written += message.length;
                } catch (PhilotesException e) {
                    refused = e;
                }
            }
            assertThat(refused).hasMessageContaining(disk.path().toString());
            assertThat(refused.code()).isEqualTo(ErrorCode.BUFFER_FULL);
            assertThat(written).as("half of what was free but for the reserve").isBetween(8_000_000, 16_000_000);
            assertThat(disk.path().toFile().getUsableSpace())
                    .as("room for it, and a reserve")
                    .isGreaterThan(written + (120L << 20));
            spool.close();
            assertThat(disk.path().toFile().getUsableSpace()).isGreaterThan(149L << 20);
        }
    }

    @Test
    void a_damaged_block_is_refused() throws IOException {
        try (Spool spool = new Spool(7, directory)) {
            for (int i = 0; i < 5; i++) {
                spool.add(7, (byte) 'I', new byte[50_000], 0, 50_000);
            }
            try (RandomAccessFile file = new RandomAccessFile(opened().toFile(), "rw")) {
                file.seek(70_000);
                file.write(1);
            }
            SpoolReader reader = spool.read();
            assertThat(reader.next()).isTrue();
            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FAILED));
        }
    }

    /** The nameless file, where the system shows what a process has open. */
    private Path opened() throws IOException {
        Path real = directory.toRealPath();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(descriptor -> leadsInto(real, descriptor))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean leadsInto(Path directory, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
