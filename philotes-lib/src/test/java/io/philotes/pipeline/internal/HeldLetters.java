// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A dead-letter queue in memory that outlives the pipeline, with faults on demand. */
final class HeldLetters implements DeadLetterQueue {

    private final TreeMap<DeadLetter.Id, ParkedChange> letters = new TreeMap<>();
    private int failIn = -1;
    private boolean afterwards;

    /** One of the next changes fails, before or after it was made. */
    void fail(int in, boolean afterTheFact) {
        failIn = in;
        afterwards = afterTheFact;
    }

    private void change(Runnable step) {
        boolean fails = failIn-- == 0;
        if (!fails || afterwards) {
            step.run();
        }
        if (fails) {
            throw new PhilotesException(ErrorCode.DEAD_LETTERS_FAILED, "Cannot store dead letters: scripted");
        }
    }

    List<ParkedChange> backup() {
        return List.copyOf(letters.values());
    }

    /** The change of every letter is damaged. */
    void damage() {
        letters.replaceAll((id, one) -> new ParkedChange(one.letter(), new byte[one.change().length]));
    }

    /** Somebody puts a backup back. */
    void restore(List<ParkedChange> backup) {
        letters.clear();
        backup.forEach(one -> letters.put(one.letter().id(), one));
    }

    @Override
    public void open(String pipeline) {
        // Nothing to make.
    }

    @Override
    public void add(List<ParkedChange> added) {
        change(() -> added.forEach(one -> letters.putIfAbsent(one.letter().id(), one)));
    }

    @Override
    public List<DeadLetter> list(DeadLetterFilter filter, Optional<DeadLetter.Id> after, int limit) {
        return letters.values().stream()
                .map(ParkedChange::letter)
                .filter(filter::matches)
                .filter(letter -> after.isEmpty() || letter.id().compareTo(after.get()) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<DeadLetter> find(DeadLetter.Id id) {
        return Optional.ofNullable(letters.get(id)).map(ParkedChange::letter);
    }

    @Override
    public Optional<byte[]> change(DeadLetter.Id id) {
        return Optional.ofNullable(letters.get(id)).map(ParkedChange::change);
    }

    @Override
    public long count(DeadLetterFilter filter) {
        return letters.values().stream()
                .map(ParkedChange::letter)
                .filter(filter::matches)
                .count();
    }

    @Override
    public List<DeadLetter.Id> move(Collection<DeadLetter.Id> ids, DeadLetterMove move) {
        List<DeadLetter.Id> moved = new ArrayList<>();
        change(() -> ids.forEach(id -> {
            ParkedChange one = letters.get(id);
            if (one != null && move.from().contains(one.letter().state())) {
                letters.put(id, new ParkedChange(move.of(one.letter()), one.change()));
                moved.add(id);
            }
        }));
        return moved;
    }

    @Override
    public int remove(Collection<DeadLetter.Id> ids) {
        int before = letters.size();
        change(() -> ids.forEach(id ->
                letters.computeIfPresent(id, (i, one) -> one.letter().state().blocks() ? one : null)));
        return before - letters.size();
    }

    @Override
    public void close() {
        // What is held stays.
    }
}
