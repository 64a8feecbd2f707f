// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.metrics.PipelineMetrics.LetterEnd;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.pipeline.RowPolicy;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.WriteResult;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of one sink. Owned by the lane's thread.
 *
 * <p>A row is stored before the commit that passes it ({@link LetterIntake}). What becomes of stored letters is never decided here
 * alone: that a replay landed ({@link LetterAnswers}), or that the table was emptied, stands in the table, in the very commit; the
 * queue follows it, at once or after a crash.
 */
final class DeadLetterDesk {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterDesk.class);

    private final Lane lane;
    private final int max;
    private final LaneLetters letters;
    private final WaitingLetters waiting;
    private final LetterIntake intake;
    private final LetterAnswers answers;
    private final Set<TableId> voided = new HashSet<>();

    DeadLetterDesk(Lane lane, RowHandling rows) {
        this.lane = lane;
        boolean on = rows.queue().isPresent() && lane.sink().parksRows();
        this.max = on ? rows.maxDeadLetters() : 0;
        this.letters = on ? new LaneLetters(lane, rows.queue().orElseThrow()) : null;
        this.waiting = new WaitingLetters(lane);
        this.intake = new LetterIntake(lane, rows, max, letters, waiting);
        this.answers = new LetterAnswers(lane, rows, letters, waiting);
        if (!on && rows.policy() == RowPolicy.DEAD_LETTER) {
            LOG.warn("Pipeline {}: this sink sets no rows aside; a row that does not fit holds its table", lane.name());
        }
    }

    boolean isOn() {
        return letters != null;
    }

    /** For the sink: how many rows of one table it may set aside. */
    int maxParkedRows() {
        return max;
    }

    /** A table was resumed: brings the queue to where the table is, and tells the sink what waits. */
    void begin(TableId table) {
        if (!isOn()) {
            return;
        }
        waiting.forget(table);
        ParkingRecord record = lane.sink().parking(table);
        answers.begin(table, record);
        letters.in(table, DeadLetterState.BLOCKING).forEach(waiting.of(table)::add);
        dropVoid(table, record);
        if (forgetTold(table, record)) {
            waiting.park(table);
        } else {
            lane.sink().suspend(table);
            lane.board()
                    .needsResync(
                            table,
                            "the target waits for " + record.open().count()
                                    + " dead letters, and they are not those of the queue: it was lost, put back from a"
                                    + " backup, or is another one");
        }
    }

    /**
     * What was given up waits until the target says that it does not wait for it any more, which it may do already: in the
     * order in which it was given up.
     *
     * @return whether the target waits for what is here, and for nothing else
     */
    private boolean forgetTold(TableId table, ParkingRecord record) {
        SequenceNumber end = new SequenceNumber(lane.board().progress(table).position(), 0);
        List<DeadLetter> given = letters.in(table, EnumSet.of(DeadLetterState.DISCARDED)).stream()
                .sorted(Comparator.comparing(DeadLetter::stateSince))
                .toList();
        given.forEach(waiting.of(table)::add);
        int told = 0;
        while (!ParkedDigest.of(waiting.of(table).keys(), end).equals(record.open())) {
            if (told == given.size()) {
                return false;
            }
            waiting.of(table).remove(List.of(given.get(told++).id().at()));
        }
        remove(table, given.subList(0, told));
        return true;
    }

    private void remove(TableId table, List<DeadLetter> given) {
        letters.remove(given.stream().map(DeadLetter::id).toList());
        letters.ended(table, given, LetterEnd.DISCARDED);
    }

    /** Nothing is staged any more: each table is asked again. */
    void forgetStaged() {
        answers.forgetStaged();
        voided.clear();
    }

    /** The table was emptied or copied again there, and that is committed. */
    private void dropVoid(TableId table, ParkingRecord record) {
        record.from().ifPresent(from -> {
            Set<SequenceNumber> old = waiting.of(table).before(from);
            letters.move(letters.ids(table, old), DeadLetterMove.superseded(letters.now()));
            waiting.ended(table, old, LetterEnd.SUPERSEDED);
            waiting.of(table).remove(old);
            List<DeadLetter> given = letters.in(table, EnumSet.of(DeadLetterState.DISCARDED)).stream()
                    .filter(letter -> letter.id().at().compareTo(from) < 0)
                    .toList();
            remove(table, given);
        });
        waiting.count(table);
    }

    /** Stores what a write set aside. */
    void note(WriteResult result) {
        if (isOn()) {
            intake.store(result.parked());
            voided.addAll(result.voided().keySet());
        }
    }

    /** Stores what a table copy set aside, before its commit. */
    void storeCopied(TableId table, Lsn consistentPoint, List<ParkedRow> copied) {
        if (isOn()) {
            intake.storeCopied(table, consistentPoint, copied);
        }
    }

    /** A table copy was committed. */
    void copied(TableId table) {
        begin(table);
    }

    /** Whether somebody asked for what can be done now, and some time passed since the last look. */
    boolean isAsked(Lsn cursor) {
        return isOn() && answers.isAsked(cursor);
    }

    /** Whether the sink should begin anew, as a table could go on then. */
    boolean wantsNewBeginning() {
        return answers.wantsNewBeginning();
    }

    /** Does what is asked, between two commits; the next one, at {@code cursor}, makes it durable. */
    void answer(Lsn cursor) throws InterruptedException {
        answers.answer(cursor);
    }

    /** A commit round ended well: the queue follows. */
    void committed() {
        for (TableId table : voided) {
            dropVoid(table, lane.sink().parking(table));
        }
        voided.clear();
        answers.committed();
    }
}
