// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.file.internal.Directories;
import io.philotes.file.internal.PipelineFileName;
import io.philotes.model.StorePlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Keeps each pipeline's dead letters in one file of a directory, named after the pipeline with everything but
 * {@code a-z 0-9 - _} written as {@code %XX}. Made for up to some hundred thousand letters: about 300 bytes of each are held
 * in memory, keys and changes stay in the file.
 *
 * <p>Thread-safe, and safe between processes of one machine: each call takes the file's lock, for milliseconds, and sees what
 * others have done. Waits up to half a minute for the lock. The directory must be on a local disk; it and the files are
 * created when the first letter is added, readable for their owner alone. Space of removed letters is used again when it
 * makes up more than half of a file.
 */
public final class FileDeadLetterQueue implements DeadLetterQueue {

    private final Optional<Path> directory;
    private final Function<String, LetterStorage> storages;
    private String pipeline;
    private LetterDesk desk;
    private boolean closed;

    private FileDeadLetterQueue(Optional<Path> directory, Function<String, LetterStorage> storages) {
        this.directory = directory;
        this.storages = storages;
    }

    /** A queue in {@code directory}, which need not exist yet. */
    public static FileDeadLetterQueue at(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return new FileDeadLetterQueue(Optional.of(directory), name -> new DiskStorage(directory, name));
    }

    /** On a disk that a test can make fail. */
    static FileDeadLetterQueue on(LetterStorage storage) {
        return new FileDeadLetterQueue(Optional.empty(), name -> storage);
    }

    @Override
    public synchronized void open(String pipelineName) {
        if (pipeline != null) {
            throw new IllegalStateException("open() is called once");
        }
        desk = new LetterDesk(
                storages.apply(PipelineFileName.of(pipelineName, "a file of dead letters")), pipelineName);
        pipeline = pipelineName;
    }

    /** No database; but whoever asks wants to know that it can be written. */
    @Override
    public Optional<StorePlace> place() {
        directory.ifPresent(FileDeadLetterQueue::requireWritable);
        return Optional.empty();
    }

    private static void requireWritable(Path directory) {
        Directories.whyNotWritable(directory).ifPresent(why -> {
            throw new PhilotesException(
                            ErrorCode.DEAD_LETTERS_FAILED,
                            "Cannot keep dead letters in " + directory.toAbsolutePath() + ": " + why)
                    .hinting("make the directory for the user that runs Philotes, or name another one");
        });
    }

    private LetterDesk desk() {
        if (desk == null) {
            throw new IllegalStateException("open() comes first");
        }
        if (closed) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot use the dead letters: their queue is closed");
        }
        return desk;
    }

    private Set<DeadLetter.Id> own(Collection<DeadLetter.Id> ids) {
        ids.forEach(this::own);
        return new LinkedHashSet<>(ids);
    }

    private void own(DeadLetter.Id id) {
        if (!id.pipeline().equals(pipeline)) {
            throw new PhilotesException(
                    ErrorCode.DEFECT,
                    "Cannot use a dead letter of the pipeline " + id.pipeline() + " in the queue of " + pipeline);
        }
    }

    @Override
    public synchronized void add(List<ParkedChange> letters) {
        LetterDesk writer = desk();
        letters.forEach(letter -> own(letter.letter().id()));
        if (letters.isEmpty()) {
            return;
        }
        writer.write("add to", (file, index) -> {
            Set<DeadLetter.Id> taken = new HashSet<>();
            List<LetterFile.Draft> drafts = new ArrayList<>();
            for (ParkedChange one : letters) {
                DeadLetter.Id id = one.letter().id();
                if (index.find(id).isEmpty() && taken.add(id)) {
                    byte[] head = RecordFormat.letter(one.letter());
                    drafts.add(new LetterFile.Draft(RecordFormat.LETTER, head, one.change()));
                }
            }
            if (!drafts.isEmpty()) {
                file.append(drafts);
            }
            return taken.size();
        });
    }

    @Override
    public synchronized List<DeadLetter> list(DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: " + limit);
        }
        after.ifPresent(this::own);
        return desk().read("list", List.of(), (file, index) -> {
            List<DeadLetter> page = new ArrayList<>();
            for (LetterIndex.Entry entry : index.behind(after)) {
                if (page.size() == limit) {
                    break;
                }
                if (filter.matches(entry.letter())) {
                    page.add(withKeys(file, entry));
                }
            }
            return page;
        });
    }

    private static DeadLetter withKeys(LetterFile file, LetterIndex.Entry entry) throws IOException {
        return KeyedLetter.of(file.found(entry.offset()), entry.letter());
    }

    @Override
    public synchronized Optional<DeadLetter> find(DeadLetter.Id id) {
        own(id);
        return desk().read("read", Optional.empty(), (file, index) -> {
            Optional<LetterIndex.Entry> entry = index.find(id);
            return entry.isEmpty() ? Optional.empty() : Optional.of(withKeys(file, entry.get()));
        });
    }

    @Override
    public synchronized Optional<byte[]> change(DeadLetter.Id id) {
        own(id);
        return desk().read("read", Optional.empty(), (file, index) -> {
            Optional<LetterIndex.Entry> entry = index.find(id);
            return entry.isEmpty()
                    ? Optional.empty()
                    : Optional.of(file.body(file.found(entry.get().offset())));
        });
    }

    @Override
    public synchronized long count(DeadLetterFilter filter) {
        return desk().read(
                        "count",
                        0L,
                        (file, index) -> index.behind(Optional.empty()).stream()
                                .filter(entry -> filter.matches(entry.letter()))
                                .count());
    }

    @Override
    public synchronized List<DeadLetter.Id> move(Collection<DeadLetter.Id> ids, DeadLetterMove move) {
        return change(
                "move",
                ids,
                move.from(),
                moving -> new LetterFile.Draft(RecordFormat.MOVE, RecordFormat.move(move, moving)));
    }

    @Override
    public synchronized int remove(Collection<DeadLetter.Id> ids) {
        Set<DeadLetterState> free = new TreeSet<>(Set.of(DeadLetterState.values()));
        free.removeAll(DeadLetterState.BLOCKING);
        return change(
                        "remove from",
                        ids,
                        free,
                        going -> new LetterFile.Draft(RecordFormat.REMOVE, RecordFormat.remove(going)))
                .size();
    }

    /** Writes one record about those of {@code ids} that stand in one of {@code states}. */
    private List<DeadLetter.Id> change(
            String verb,
            Collection<DeadLetter.Id> ids,
            Set<DeadLetterState> states,
            Function<List<DeadLetter.Id>, LetterFile.Draft> record) {
        LetterDesk writer = desk();
        Set<DeadLetter.Id> distinct = own(ids);
        if (distinct.isEmpty() || !writer.hasFile()) {
            return List.of();
        }
        return writer.write(verb, (file, index) -> {
            List<DeadLetter.Id> there =
                    distinct.stream().filter(id -> index.isIn(id, states)).toList();
            if (!there.isEmpty()) {
                file.append(List.of(record.apply(there)));
            }
            return there;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
