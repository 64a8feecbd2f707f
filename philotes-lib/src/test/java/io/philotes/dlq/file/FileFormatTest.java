// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import static io.philotes.testkit.contract.LetterFixtures.NOON;
import static io.philotes.testkit.contract.LetterFixtures.ORDERS;
import static io.philotes.testkit.contract.LetterFixtures.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.testkit.contract.LetterFixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of the file: damaged, cut, of other versions. */
class FileFormatTest {

    private static final DeadLetterFilter ALL = DeadLetterFilter.ALL;

    @TempDir
    Path directory;

    private FileDeadLetterQueue opened() {
        FileDeadLetterQueue queue = FileDeadLetterQueue.at(directory);
        queue.open(LetterFixtures.PIPELINE);
        return queue;
    }

    private Path file() {
        return directory.resolve("shop.letters");
    }

    private static List<DeadLetter> all(FileDeadLetterQueue queue) {
        return queue.list(ALL, Optional.empty(), 1000);
    }

    /** One letter of every state, and a removed one. */
    private List<DeadLetter> write() {
        FileDeadLetterQueue queue = opened();
        List<DeadLetter.Id> ids =
                IntStream.range(0, 8).mapToObj(i -> id(ORDERS, 100 + i, i)).toList();
        queue.add(ids.stream().map(LetterFixtures::letter).toList());
        queue.move(ids.subList(1, 8), DeadLetterMove.wanted(NOON.plusSeconds(1)));
        queue.move(ids.subList(2, 6), DeadLetterMove.applying("replay-1", NOON.plusSeconds(2)));
        queue.move(ids.subList(3, 4), DeadLetterMove.applied(NOON.plusSeconds(3)));
        queue.move(ids.subList(4, 5), DeadLetterMove.failedAgain("PHI-5002", "Cannot read ü", NOON.plusSeconds(4)));
        queue.move(ids.subList(5, 6), DeadLetterMove.superseded(NOON.plusSeconds(5)));
        queue.move(ids.subList(6, 8), DeadLetterMove.discarded(NOON.plusSeconds(6)));
        queue.remove(ids.subList(7, 8));
        return all(queue);
    }

    @Test
    void files_are_named_after_the_pipeline_and_their_owners_alone() throws IOException {
        write();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("shop.letters", "shop.lock");
        }
        assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
    }

    @Test
    void a_directory_that_cannot_be_written_is_told_before_anything_is_stored() throws IOException {
        assertThat(FileDeadLetterQueue.at(directory.resolve("new/one")).place()).isEmpty();
        assertThat(directory).isEmptyDirectory();
        Path not = Files.createFile(directory.resolve("not"));
        assertThatThrownBy(FileDeadLetterQueue.at(not)::place)
                .hasMessageContaining(not + " is not a directory")
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEAD_LETTERS_FAILED));
    }

    @Test
    void looking_at_a_queue_creates_nothing() throws IOException {
        assertThat(opened().count(ALL)).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void a_flipped_bit_is_never_taken_for_something_else() throws IOException {
        List<DeadLetter> written = write();
        byte[] whole = Files.readAllBytes(file());
        int harmless = 0;
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << i % 8);
            Files.write(file(), damaged);
            try {
                FileDeadLetterQueue queue = opened();
                assertThat(all(queue)).as("byte %s", i).isEqualTo(written);
                for (DeadLetter letter : written) {
                    assertThat(queue.change(letter.id()).orElseThrow())
                            .isEqualTo(LetterFixtures.letter(letter.id()).change());
                }
                harmless++;
            } catch (PhilotesException e) {
                assertThat(e.code()).as("byte %s", i).isIn(ErrorCode.DEAD_LETTERS_CORRUPT, ErrorCode.FORMAT_TOO_NEW);
            }
        }
        // The two end marks, each with the zeros behind it, and the change of what was removed.
        int removed = LetterFixtures.letter(id(ORDERS, 107, 7)).change().length;
        assertThat(harmless).isEqualTo(2 * FileHeader.LENGTH + removed);
    }

    @Test
    void damage_in_the_middle_names_file_and_offset() throws IOException {
        write();
        byte[] bytes = Files.readAllBytes(file());
        bytes[EndMark.FIRST_RECORD + LetterFile.RECORD_HEADER + 3] ^= 1;
        Files.write(file(), bytes);
        assertThatThrownBy(() -> opened().count(ALL))
                .hasMessageContaining("file=" + file())
                .hasMessageContaining("offset=" + EndMark.FIRST_RECORD)
                .hasMessageContaining("checksum does not match");
    }

    @Test
    void a_shortened_file_is_an_error() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length += 13) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> opened().count(ALL))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEAD_LETTERS_CORRUPT));
        }
    }

    @Test
    void what_stands_behind_the_end_mark_is_cut_off() throws IOException {
        List<DeadLetter> written = write();
        byte[] whole = Files.readAllBytes(file());
        byte[] longer = Arrays.copyOf(whole, whole.length + 5000);
        Arrays.fill(longer, whole.length + 100, longer.length, (byte) 'x');
        Files.write(file(), longer);
        FileDeadLetterQueue queue = opened();
        assertThat(all(queue)).isEqualTo(written);
        ParkedChange more = LetterFixtures.letter(id(ORDERS, 200, 0));
        queue.add(List.of(more));
        assertThat(all(opened())).hasSize(written.size() + 1).contains(more.letter());
        assertThat(Files.size(file())).isLessThan(longer.length);
    }

    @Test
    void a_newer_format_is_refused_and_left_alone() throws IOException {
        write();
        byte[] bytes = Files.readAllBytes(file());
        ByteBuffer.wrap(bytes).putInt(8, FileHeader.FORMAT + 1);
        Files.write(file(), bytes);
        assertThatThrownBy(() -> opened().add(List.of(LetterFixtures.letter(id(ORDERS, 1, 1)))))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_TOO_NEW));
        assertThat(Files.readAllBytes(file())).isEqualTo(bytes);
    }

    @Test
    void another_pipelines_file_is_refused() throws IOException {
        write();
        Files.copy(file(), directory.resolve("other.letters"));
        FileDeadLetterQueue other = FileDeadLetterQueue.at(directory);
        other.open("other");
        assertThatThrownBy(() -> other.count(ALL)).hasMessageContaining("pipeline shop");
    }

    @Test
    void a_file_of_format_1_is_read_and_written_on() throws IOException {
        try (InputStream fixture = getClass().getResourceAsStream("format-1.letters")) {
            Files.write(file(), fixture.readAllBytes());
        }
        FileDeadLetterQueue queue = opened();
        List<DeadLetter> letters = all(queue);
        assertThat(letters)
                .extracting(DeadLetter::state)
                .containsExactly(
                        DeadLetterState.PARKED,
                        DeadLetterState.WANTED,
                        DeadLetterState.APPLYING,
                        DeadLetterState.APPLIED,
                        DeadLetterState.PARKED,
                        DeadLetterState.SUPERSEDED,
                        DeadLetterState.DISCARDED);
        Path own = directory.resolve("own");
        Files.createDirectories(own);
        Path fixtures = directory;
        directory = own;
        assertThat(letters).isEqualTo(write());
        directory = fixtures;
        for (DeadLetter letter : letters) {
            assertThat(queue.change(letter.id()).orElseThrow())
                    .isEqualTo(LetterFixtures.letter(letter.id()).change());
        }
        queue.add(List.of(LetterFixtures.letter(id(ORDERS, 200, 0))));
        assertThat(all(opened())).hasSize(8);
    }
}
