// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Opens the file for one operation at a time, under its lock, with an index that is up to date. Not thread-safe; nothing stays
 * open between two operations, so that another process may put a new file in the place of the old one.
 */
final class LetterDesk {

    /** Less waste than this is left alone. */
    private static final long MIN_WASTE = 4L << 20;

    private static final SecureRandom GENERATIONS = new SecureRandom();

    private final LetterStorage storage;
    private final String pipeline;
    private LetterIndex index;
    /** After a failed write nobody knows what the disk has: the whole is written anew before anything is added. */
    private boolean doubtful;

    LetterDesk(LetterStorage storage, String pipeline) {
        this.storage = storage;
        this.pipeline = pipeline;
    }

    /** Work on the file. */
    interface Work<T> {
        T on(LetterFile file, LetterIndex index) throws IOException;
    }

    boolean hasFile() {
        return storage.exists();
    }

    /** @param without the answer when there is no file */
    <T> T read(String verb, T without, Work<T> work) {
        if (!storage.exists()) {
            return without;
        }
        return locked(verb, () -> {
            Optional<LetterFile> file = current();
            return file.isPresent() ? run(file.get(), work) : without;
        });
    }

    <T> T write(String verb, Work<T> work) {
        return locked(verb, () -> {
            LetterFile file = writable();
            boolean done = false;
            try {
                T result = run(file, work);
                done = true;
                return result;
            } finally {
                doubtful |= !done;
            }
        });
    }

    private <T> T run(LetterFile file, Work<T> work) throws IOException {
        try (file) {
            return work.on(file, followed(file));
        }
    }

    /** A step that may fail as files do. */
    private interface Step<T> {
        T take() throws IOException;
    }

    private <T> T locked(String verb, Step<T> step) {
        String cannot = "Cannot " + verb + " the dead letters: ";
        try {
            Closeable lock = storage.lock();
            try {
                return step.take();
            } finally {
                lock.close();
            }
        } catch (DamagedFileException e) {
            throw new PhilotesException(
                    ErrorCode.DEAD_LETTERS_CORRUPT,
                    cannot + e.getMessage() + ", file=" + storage.describe() + ", offset=" + e.offset(),
                    e);
        } catch (TooNewException e) {
            throw new PhilotesException(
                    ErrorCode.FORMAT_TOO_NEW, cannot + e.getMessage() + ", file=" + storage.describe(), e);
        } catch (IOException e) {
            throw new PhilotesException(ErrorCode.DEAD_LETTERS_FAILED, cannot + e + ", file=" + storage.describe(), e);
        }
    }

    private Optional<LetterFile> current() throws IOException {
        Optional<StoredFile> stored = storage.open();
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        LetterFile file = opened(stored.get());
        if (!file.header().pipeline().equals(pipeline)) {
            file.close();
            throw new DamagedFileException(
                    0, "it is the file of the pipeline " + file.header().pipeline());
        }
        return Optional.of(file);
    }

    private static LetterFile opened(StoredFile stored) throws IOException {
        try {
            return LetterFile.open(stored);
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    private LetterIndex followed(LetterFile file) throws IOException {
        if (index == null || !index.isOf(file)) {
            index = new LetterIndex(file.header());
        }
        try {
            index.follow(file);
            return index;
        } catch (IOException | RuntimeException e) {
            index = null;
            throw e;
        }
    }

    private LetterFile writable() throws IOException {
        Optional<LetterFile> file = current();
        if (file.isEmpty()) {
            rewrite(Optional.empty());
        } else if (doubtful || isWasteful(file.get())) {
            try (LetterFile old = file.get()) {
                rewrite(Optional.of(old));
            }
        } else {
            return file.get();
        }
        doubtful = false;
        return current().orElseThrow(() -> new IOException("the file vanished"));
    }

    private boolean isWasteful(LetterFile file) throws IOException {
        try {
            long live = followed(file).liveBytes();
            long waste = file.end() - EndMark.FIRST_RECORD - live;
            return waste > Math.max(MIN_WASTE, live);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Writes what is in {@code old} into a new file and puts that in its place; not for a user whom it does not belong to. */
    private void rewrite(Optional<LetterFile> old) throws IOException {
        Optional<StoredFile> beside = storage.createBeside();
        if (beside.isEmpty()) {
            return;
        }
        try (StoredFile stored = beside.get()) {
            LetterFile fresh = LetterFile.create(stored, new FileHeader(GENERATIONS.nextLong(), pipeline));
            fresh.finish(old.isPresent() ? copy(old.get(), fresh) : fresh.end());
        }
        storage.replace();
    }

    private long copy(LetterFile old, LetterFile fresh) throws IOException {
        long end = fresh.end();
        LetterIndex content = followed(old);
        for (LetterIndex.Entry entry : content.behind(Optional.empty())) {
            LetterFile.Found found = old.found(entry.offset());
            byte[] head = RecordFormat.letter(KeyedLetter.of(found, entry.letter()));
            end = fresh.write(end, new LetterFile.Draft(RecordFormat.LETTER, head, old.body(found)));
        }
        return end;
    }
}
