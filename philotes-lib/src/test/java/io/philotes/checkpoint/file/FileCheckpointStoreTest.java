// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.CheckpointStoreContract;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
