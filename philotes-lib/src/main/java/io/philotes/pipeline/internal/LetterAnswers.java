// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterState;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics.LetterEnd;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.ParkingRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what somebody asks of dead letters: applies them again, or gives them up. Owned by the lane's thread. */
final class LetterAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(LetterAnswers.class);

    /** How often the queue is asked what somebody wants. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private static final Duration RETAIN_EVERY = Duration.ofHours(1);

    private final Lane lane;
    private final RowHandling rows;
    private final LaneLetters letters;
    private final WaitingLetters waiting;
    private final LetterReplay replay;
    private final Set<TableId> undecided = new HashSet<>();
    private final Map<TableId, List<DeadLetter>> givenUp = new TreeMap<>();
    private final Map<TableId, Instant> begunFor = new TreeMap<>();
    private boolean wantsNewBeginning;
    private Instant nextAsk = Instant.MIN;
    private Instant nextRetention = Instant.MIN;

    LetterAnswers(Lane lane, RowHandling rows, LaneLetters letters, WaitingLetters waiting) {
        this.lane = lane;
        this.rows = rows;
        this.letters = letters;
        this.waiting = waiting;
        this.replay = new LetterReplay(lane.sink(), letters);
    }

    /** A table was resumed: what a crash left of its replays is resolved, or will be. */
    void begin(TableId table, ParkingRecord record) {
        undecided.remove(table);
        if (replay.resolve(table, record)) {
            undecided.add(table);
        }
    }

    /** Nothing is staged any more: each table is asked again. */
    void forgetStaged() {
        replay.forgetStaged();
        undecided.clear();
        givenUp.clear();
        waiting.letGo();
        wantsNewBeginning = false;
        // What is asked comes before the changes that are waiting: they may need the room.
        nextAsk = Instant.MIN;
    }

    /** Whether somebody asked for what can be done now, and some time passed since the last look. */
    boolean isAsked(Lsn cursor) {
        Instant now = lane.settings().clock().instant();
        if (now.isBefore(nextAsk)) {
            return false;
        }
        nextAsk = now.plus(ASK_EVERY);
        if (!now.isBefore(nextRetention)) {
            nextRetention = now.plus(RETAIN_EVERY);
            letters.retain(rows.retention());
        }
        boolean asked = letters.anyAsked();
        if (asked) {
            letters.asked().stream().filter(this::isOfHeld).forEach(this::beginFor);
        }
        return undecided.stream().anyMatch(table -> follows(table, cursor))
                || (asked && !askedNow(cursor).isEmpty());
    }

    /**
     * Whether somebody asked something of a table that its letters hold. It waits at its own place, behind the others, so it goes
     * on by the one way there is: the sink begins anew from the lowest place.
     */
    boolean wantsNewBeginning() {
        return wantsNewBeginning;
    }

    private boolean isOfHeld(DeadLetter letter) {
        TableId table = letter.id().table();
        return waiting.isHeld(table)
                && (letter.state() == DeadLetterState.DISCARDED
                        || waiting.of(table)
                                .allBefore(
                                        letter.id().at(),
                                        lane.board().progress(table).position()));
    }

    /** Each request once: what could not be done then would be tried for ever. */
    private void beginFor(DeadLetter letter) {
        TableId table = letter.id().table();
        Instant last = begunFor.get(table);
        if (last == null || letter.stateSince().isAfter(last)) {
            begunFor.put(table, letter.stateSince());
            wantsNewBeginning = true;
        }
    }

    /**
     * A table that is not there yet, or is ahead of the place of the next commit, is left for later. So are letters that lie
     * behind that place: they were stored, and then a crash came before their commit. The stream brings them again, and would
     * write what was replayed a second time.
     */
    private List<DeadLetter> askedNow(Lsn cursor) {
        return letters.asked().stream()
                .filter(letter -> follows(letter.id().table(), cursor))
                .filter(letter -> letter.state() == DeadLetterState.DISCARDED
                        || waiting.of(letter.id().table()).allBefore(letter.id().at(), cursor))
                .toList();
    }

    private boolean follows(TableId table, Lsn cursor) {
        TableState state = lane.board().progress(table).state();
        return (state == TableState.STREAMING || state == TableState.DIVERGED)
                && !lane.board().progress(table).position().isAfter(cursor);
    }

    /** Does what is asked, between two commits; the next one, at {@code cursor}, makes it durable. */
    void answer(Lsn cursor) throws InterruptedException {
        Map<TableId, List<DeadLetter>> asked = askedNow(cursor).stream()
                .collect(Collectors.groupingBy(letter -> letter.id().table(), TreeMap::new, Collectors.toList()));
        for (TableId table : undecided) {
            asked.remove(table);
            if (follows(table, cursor)) {
                replay.stageName(table);
            }
        }
        for (Map.Entry<TableId, List<DeadLetter>> entry : asked.entrySet()) {
            answer(entry.getKey(), entry.getValue());
        }
    }

    private void answer(TableId table, List<DeadLetter> asked) throws InterruptedException {
        List<DeadLetter> given = asked.stream()
                .filter(letter -> letter.state() == DeadLetterState.DISCARDED)
                .toList();
        if (!given.isEmpty()) {
            discard(table, given);
            return;
        }
        List<SequenceNumber> wanted = asked.stream()
                .filter(letter -> letter.state() == DeadLetterState.WANTED)
                .map(letter -> letter.id().at())
                .toList();
        try {
            replay.stage(table, waiting.of(table), wanted);
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e.inTable(table)) != FailurePolicy.Action.HOLD_TABLE) {
                throw e;
            }
            hold(table, e);
        }
    }

    /**
     * What was given up is not in the target: that stands in the checkpoint first. The target says with the next commit that
     * it does not wait for it; only then is it forgotten.
     */
    private void discard(TableId table, List<DeadLetter> given) throws InterruptedException {
        lane.board()
                .diverged(
                        table, given.size() + " dead letters were purged and never applied: their rows are older here");
        lane.checkpoints().advance(lane.checkpoints().current().coveredUpTo(), lane.board());
        waiting.of(table).remove(given.stream().map(letter -> letter.id().at()).toList());
        waiting.park(table);
        replay.stageName(table);
        givenUp.put(table, given);
    }

    private void hold(TableId table, PhilotesException e) {
        String reason = "its dead letters cannot be replayed: " + e.getMessage() + " -- " + e.hint();
        if (FailurePolicy.stateAfter(e) == TableState.NEEDS_RESYNC) {
            lane.sink().suspend(table);
            lane.board().needsResync(table, reason);
        } else {
            waiting.hold(table, reason);
        }
    }

    /** A commit round ended well: the queue follows. */
    void committed() {
        replay.landed().forEach((table, places) -> {
            if (undecided.remove(table)) {
                replay.giveBack(table);
                return;
            }
            if (givenUp.containsKey(table)) {
                List<DeadLetter> given = givenUp.get(table);
                letters.remove(given.stream().map(DeadLetter::id).toList());
                letters.ended(table, given, LetterEnd.DISCARDED);
                return;
            }
            waiting.ended(table, places, LetterEnd.RECOVERED);
            waiting.of(table).remove(places);
            waiting.park(table);
            LOG.info("Pipeline {}, table {}: {} dead letters are applied", lane.name(), table, places.size());
        });
        givenUp.clear();
    }
}
