// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.testkit.contract.CheckpointStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCheckpointStoreTest extends CheckpointStoreContract {

    @TempDir
    Path directory;

    @Override
    protected CheckpointStore store() {
        return FileCheckpointStore.at(directory.resolve("not/there/yet"));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("not/there/yet"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_directory_that_cannot_be_written_is_told_before_anything_is_stored() throws IOException {
        assertThat(store().place()).isEmpty();
        assertThat(directory).isEmptyDirectory();
        Files.createFile(directory.resolve("not"));
        assertThatThrownBy(store()::place)
                .hasMessageContaining(directory.resolve("not") + " is not a directory")
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_FAILED));
    }

    @Test
    void the_file_is_named_after_the_pipeline() throws IOException {
        store().save("Shop/1", checkpoint(1, 1));
        assertThat(file().getFileName()).hasToString("%53hop%2f1.json");
    }

    @Test
    void a_damaged_file_is_never_taken_for_nothing() throws IOException {
        store().save("shop", checkpoint(1, 100));
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file(), damaged);
            assertThatThrownBy(() -> store().load("shop"))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isIn(ErrorCode.CHECKPOINT_CORRUPT, ErrorCode.FORMAT_TOO_NEW));
        }
    }

    @Test
    void a_short_or_empty_file_is_corrupt() throws IOException {
        store().save("shop", checkpoint(1, 100));
        String whole = Files.readString(file());
        for (int length : new int[] {0, 1, whole.length() / 2, whole.length() - 1}) {
            Files.writeString(file(), whole.substring(0, length));
            refused(ErrorCode.CHECKPOINT_CORRUPT, () -> store().load("shop"));
            refused(ErrorCode.CHECKPOINT_CORRUPT, () -> store().save("shop", checkpoint(2, 200)));
        }
    }

    @Test
    void a_newer_format_is_refused() throws IOException {
        store().save("shop", checkpoint(1, 100));
        Files.writeString(file(), "{\"format\": 2, \"something\": \"else\"}");
        refused(ErrorCode.FORMAT_TOO_NEW, () -> store().load("shop"));
    }

    @Test
    void a_file_that_was_only_formatted_by_hand_is_still_read() throws IOException {
        store().save("shop", checkpoint(1, 100));
        Files.writeString(file(), Files.readString(file()).replace(",\"", ",\n  \""));
        assertThat(store().load("shop")).contains(checkpoint(1, 100));
    }

    @Test
    void what_a_crash_left_beside_the_file_does_no_harm() throws IOException {
        store().save("shop", checkpoint(1, 100));
        Files.writeString(file().resolveSibling("shop.json.tmp"), "{\"form");
        assertThat(store().load("shop")).contains(checkpoint(1, 100));
        store().save("shop", checkpoint(1, 200));
        assertThat(store().load("shop")).contains(checkpoint(1, 200));
        assertThat(file()).exists();
    }

    @Test
    void storage_that_fails_says_so() throws IOException {
        Files.writeString(directory.resolve("plain"), "a file where the directory should be");
        CheckpointStore store = FileCheckpointStore.at(directory.resolve("plain"));
        refused(ErrorCode.CHECKPOINT_FAILED, () -> store.save("shop", checkpoint(1, 100)));
    }

    @Test
    void a_name_that_cannot_be_a_file_is_refused() {
        refused(ErrorCode.INVALID_CONFIGURATION, () -> store().load(""));
        refused(ErrorCode.INVALID_CONFIGURATION, () -> store().load("x".repeat(300)));
    }

    /** Real steps, one of which fails before it does anything; all are noted. */
    private static final class FailingSteps extends FileSteps {

        private final List<String> done = new ArrayList<>();
        private int failAt = Integer.MAX_VALUE;

        private void step(String what, Path path) throws IOException {
            if (done.size() >= failAt) {
                failAt = Integer.MAX_VALUE;
                throw new IOException("scripted");
            }
            done.add(what + " " + path.getFileName());
        }

        @Override
        void createDirectory(Path path) throws IOException {
            step("create", path);
            super.createDirectory(path);
        }

        @Override
        void write(Path path, byte[] content) throws IOException {
            step("write", path);
            super.write(path, content);
        }

        @Override
        void move(Path from, Path to) throws IOException {
            step("move", to);
            super.move(from, to);
        }

        @Override
        boolean delete(Path path) throws IOException {
            step("delete", path);
            return super.delete(path);
        }

        @Override
        void forceDirectory(Path path) throws IOException {
            step("force", path);
            super.forceDirectory(path);
        }
    }

    @Test
    void every_new_name_is_forced_into_its_directory() {
        FailingSteps steps = new FailingSteps();
        CheckpointStore store = new FileCheckpointStore(directory.resolve("not/there"), steps);
        store.save("shop", checkpoint(1, 100));
        String above = directory.getFileName().toString();
        assertThat(steps.done)
                .containsExactly(
                        "create not",
                        "force " + above,
                        "create there",
                        "force not",
                        "write shop.json.tmp",
                        "move shop.json",
                        "force there");
        steps.done.clear();
        store.remove("shop");
        assertThat(steps.done).containsExactly("delete shop.json", "force there");
    }

    @Test
    void a_step_that_fails_leaves_the_old_checkpoint_or_the_new_one_and_the_next_save_works() throws IOException {
        for (int step = 0; step < 3; step++) {
            FailingSteps steps = new FailingSteps();
            CheckpointStore store = new FileCheckpointStore(directory, steps);
            store.save("shop", checkpoint(step + 1, 100));
            steps.failAt = steps.done.size() + step;
            assertThatThrownBy(() -> store.save("shop", checkpoint(20, 200)))
                    .isInstanceOfSatisfying(PhilotesException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_FAILED);
                        assertThat(e.getMessage())
                                .contains(directory.resolve("shop.json").toString());
                    });
            assertThat(store.load("shop")).contains(step < 2 ? checkpoint(step + 1, 100) : checkpoint(20, 200));
            assertThat(directory.resolve("shop.json.tmp")).doesNotExist();
            store.save("shop", checkpoint(30, 300));
            assertThat(store.load("shop")).contains(checkpoint(30, 300));
            store.remove("shop");
        }
    }

    @Test
    void damage_and_newer_formats_name_the_file() throws IOException {
        store().save("shop", checkpoint(1, 100));
        String whole = Files.readString(file());
        Files.writeString(file(), whole.replace("\"epoch\":1", "\"epoch\":2"));
        assertThatThrownBy(() -> store().load("shop"))
                .hasMessageContaining("PHI-3005")
                .hasMessageContaining(file().toString());
        Files.writeString(file(), whole.replace("\"format\":1", "\"format\":2"));
        assertThatThrownBy(() -> store().load("shop"))
                .hasMessageContaining("PHI-3006")
                .hasMessageContaining("format 2")
                .hasMessageContaining("known here is 1")
                .hasMessageContaining(file().toString());
    }
}
