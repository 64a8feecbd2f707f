// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics.LetterEnd;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.Sink;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Applies dead letters again. Each replay has a name of its own, which letters carry while they are APPLYING and the table
 * from the commit on: so after a crash it is known whether they are in it. Owned by the lane's thread.
 */
final class LetterReplay {

    /** Changes that are read at a time, beyond those that must go together. */
    private static final long MAX_BYTES = 64L << 20;

    private final Sink sink;
    private final LaneLetters letters;
    private final Map<TableId, Staged> staged = new TreeMap<>();

    /** What of a table the next commit brings, under a name. */
    private record Staged(String name, List<SequenceNumber> taken) {}

    LetterReplay(Sink sink, LaneLetters letters) {
        this.sink = sink;
        this.letters = letters;
    }

    /** Whatever was staged will not be committed. */
    void forgetStaged() {
        staged.clear();
    }

    /**
     * What a crash left: the table tells what is in it.
     *
     * @return whether there is more, of which it is not known: another instance of this pipeline may be about to commit it
     */
    boolean resolve(TableId table, ParkingRecord record) {
        staged.remove(table);
        List<DeadLetter> applying = letters.in(table, EnumSet.of(DeadLetterState.APPLYING));
        List<DeadLetter> landed = applying.stream()
                .filter(letter -> letter.replay().equals(record.lastReplay()))
                .toList();
        letters.move(landed.stream().map(DeadLetter::id).toList(), DeadLetterMove.applied(letters.now()));
        letters.ended(table, landed, LetterEnd.RECOVERED);
        return landed.size() < applying.size();
    }

    /** A commit of ours with nothing but a name: behind it no other instance's replay can come any more. */
    void stageName(TableId table) throws InterruptedException {
        stage(table, List.of(), UUID.randomUUID().toString());
    }

    /** Such a commit landed: what did not land before it never will, and is wanted still. */
    void giveBack(TableId table) {
        List<DeadLetter.Id> lost = letters.in(table, EnumSet.of(DeadLetterState.APPLYING)).stream()
                .map(DeadLetter::id)
                .toList();
        letters.move(lost, DeadLetterMove.parkedAgain(letters.now()));
        letters.move(lost, DeadLetterMove.wanted(letters.now()));
    }

    /** Stages the wanted letters and all that hang together with them. */
    void stage(TableId table, OpenLetters open, List<SequenceNumber> wanted) throws InterruptedException {
        String name = UUID.randomUUID().toString();
        List<DeadLetter> chosen = choose(table, open, wanted);
        List<DeadLetter.Id> ids = chosen.stream().map(DeadLetter::id).toList();
        letters.move(ids, DeadLetterMove.wanted(letters.now()));
        List<DeadLetter.Id> moved = letters.move(ids, DeadLetterMove.applying(name, letters.now()));
        if (moved.size() < ids.size()) {
            // Somebody gave one of them up meanwhile: what is asked then is looked at again.
            letters.move(moved, DeadLetterMove.parkedAgain(letters.now()));
            letters.move(moved, DeadLetterMove.wanted(letters.now()));
            return;
        }
        if (!ids.isEmpty()) {
            stageOrGiveBack(table, chosen, name);
        }
    }

    /** What holds the table wants a person: the letters wait for one, or every start would try the same again. */
    private void stageOrGiveBack(TableId table, List<DeadLetter> chosen, String name) throws InterruptedException {
        try {
            stage(table, chosen.stream().map(letters::read).toList(), name);
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e.inTable(table)) == FailurePolicy.Action.HOLD_TABLE) {
                letters.move(
                        chosen.stream().map(DeadLetter::id).toList(),
                        DeadLetterMove.failedAgain(e.code().code(), e.reason(), letters.now()));
            }
            throw e;
        }
    }

    /** Whole groups, until it is much. */
    private List<DeadLetter> choose(TableId table, OpenLetters open, List<SequenceNumber> wanted) {
        SortedSet<SequenceNumber> places = new TreeSet<>();
        List<DeadLetter> chosen = new ArrayList<>();
        long bytes = 0;
        for (SequenceNumber at : wanted) {
            if (places.contains(at) || bytes > MAX_BYTES) {
                continue;
            }
            SortedSet<SequenceNumber> group = open.together(List.of(at));
            for (DeadLetter.Id id : letters.ids(table, group)) {
                DeadLetter letter = letters.find(id).orElseThrow();
                chosen.add(letter);
                bytes += letter.changeBytes();
            }
            places.addAll(group);
        }
        return chosen;
    }

    private void stage(TableId table, List<ParkedRow> rows, String name) throws InterruptedException {
        ReplayResult result = sink.replay(table, rows, name);
        List<DeadLetter.Id> behind = new ArrayList<>();
        for (ParkedRow row : result.refused()) {
            DeadLetter.Id id = letters.id(table, row.at());
            Optional<PhilotesException> why = row.failure();
            if (why.isPresent()) {
                letters.move(
                        List.of(id),
                        DeadLetterMove.failedAgain(
                                why.get().code().code(), why.get().reason(), letters.now()));
            } else {
                behind.add(id);
            }
        }
        letters.move(behind, DeadLetterMove.parkedAgain(letters.now()));
        staged.put(table, new Staged(name, result.taken()));
    }

    /**
     * A commit round ended; returns what of each table is in it, as the table says. What is not, because its commit was refused,
     * is resolved when the table is resumed.
     */
    Map<TableId, List<SequenceNumber>> landed() {
        Map<TableId, List<SequenceNumber>> landed = new TreeMap<>();
        staged.forEach((table, replay) -> {
            if (sink.parking(table).lastReplay().equals(replay.name())) {
                letters.move(letters.ids(table, replay.taken()), DeadLetterMove.applied(letters.now()));
                landed.put(table, replay.taken());
            }
        });
        staged.clear();
        return landed;
    }
}
