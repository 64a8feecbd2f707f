// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.model.TableId;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one {@link LetterFile} says, up to some offset: every letter without keys and change, which stay in the file. About
 * 300 bytes a letter. Not thread-safe.
 */
final class LetterIndex {

    /**
     * One letter.
     *
     * @param letter without keys
     * @param offset where its record begins
     * @param length its record's length
     */
    record Entry(DeadLetter letter, long offset, long length) {}

    private final long generation;
    private final String pipeline;
    private final NavigableMap<DeadLetter.Id, Entry> letters = new TreeMap<>();
    private final Map<Object, Object> shared = new HashMap<>();
    private long readUpTo = EndMark.FIRST_RECORD;
    private long liveBytes;

    LetterIndex(FileHeader header) {
        this.generation = header.generation();
        this.pipeline = header.pipeline();
    }

    /** Whether this is about that file, or the beginning of it. */
    boolean isOf(LetterFile file) {
        return generation == file.header().generation() && readUpTo <= file.end();
    }

    /** Reads what the file has more. */
    void follow(LetterFile file) throws IOException {
        for (LetterFile.Found found = file.next(readUpTo); found != null; found = file.next(readUpTo)) {
            try {
                take(found);
            } catch (IOException | IllegalArgumentException e) {
                throw new DamagedFileException(found.offset(), "a record is malformed: " + e.getMessage());
            }
            readUpTo = found.end();
        }
    }

    private void take(LetterFile.Found found) throws IOException {
        DataInputStream in = RecordFormat.read(found.head());
        switch (found.type()) {
            case RecordFormat.LETTER ->
                put(
                        RecordFormat.readLetter(in, pipeline, found.bodyLength()),
                        found.offset(),
                        found.end() - found.offset());
            case RecordFormat.MOVE -> {
                DeadLetterMove move = RecordFormat.readMove(in);
                RecordFormat.readIds(in, pipeline).forEach(id -> move(id, move));
            }
            case RecordFormat.REMOVE -> RecordFormat.readIds(in, pipeline).forEach(this::drop);
            default -> throw new IOException("unknown type " + found.type());
        }
    }

    private void put(DeadLetter letter, long offset, long length) {
        DeadLetter kept = light(letter);
        if (letters.putIfAbsent(kept.id(), new Entry(kept, offset, length)) != null) {
            throw new IllegalArgumentException("a letter stands there twice");
        }
        liveBytes += length;
    }

    private void move(DeadLetter.Id id, DeadLetterMove move) {
        Entry entry = letters.get(id);
        if (entry == null) {
            throw new IllegalArgumentException("a letter moves that is not there");
        }
        letters.put(entry.letter().id(), new Entry(light(move.of(entry.letter())), entry.offset(), entry.length()));
    }

    private void drop(DeadLetter.Id id) {
        Entry entry = letters.remove(id);
        if (entry == null) {
            throw new IllegalArgumentException("a letter is removed that is not there");
        }
        liveBytes -= entry.length();
    }

    /** The letter without keys; texts that many letters have are kept once. */
    private DeadLetter light(DeadLetter letter) {
        DeadLetter.Id id = letter.id();
        TableId table = share(id.table());
        return new DeadLetter(
                new DeadLetter.Id(pipeline, share(id.sink()), table, id.at()),
                Collections.emptySortedSet(),
                share(letter.code()),
                share(letter.reason()),
                letter.parkedAt(),
                letter.attempts(),
                letter.state(),
                share(letter.replay()),
                letter.stateSince(),
                letter.changeBytes());
    }

    @SuppressWarnings("unchecked")
    private <T> T share(T value) {
        return (T) shared.computeIfAbsent(value, v -> v);
    }

    Optional<Entry> find(DeadLetter.Id id) {
        return Optional.ofNullable(letters.get(id));
    }

    /** Those behind {@code after}, in order; empty for all. */
    Collection<Entry> behind(Optional<DeadLetter.Id> after) {
        return after.map(id -> letters.tailMap(id, false)).orElse(letters).values();
    }

    boolean isIn(DeadLetter.Id id, Collection<DeadLetterState> states) {
        Entry entry = letters.get(id);
        return entry != null && states.contains(entry.letter().state());
    }

    /** Bytes of the letters' records; the rest of the file says what has become of them, or tells of removed ones. */
    long liveBytes() {
        return liveBytes;
    }
}
