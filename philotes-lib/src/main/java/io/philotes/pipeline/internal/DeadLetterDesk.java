// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.pipeline.RowPolicy;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of one sink. Owned by the lane's thread.
 *
 * <p>A row is stored before the commit that passes it. What becomes of stored letters is never decided here alone: that a
 * replay landed, or that the table was emptied, stands in the table, in the very commit; the queue follows it, at once or
 * after a crash.
 */
final class DeadLetterDesk {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterDesk.class);

    /** How often the queue is asked what somebody wants. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private static final Duration RETAIN_EVERY = Duration.ofHours(1);

    private final Lane lane;
    private final RowHandling rows;
    private final int max;
    private final LaneLetters letters;
    private final Map<TableId, OpenLetters> open = new TreeMap<>();
    private final Set<TableId> voided = new HashSet<>();
    private final Set<TableId> undecided = new HashSet<>();
    private final Map<TableId, List<DeadLetter.Id>> givenUp = new TreeMap<>();
    private final LetterReplay replay;
    private Instant nextAsk = Instant.MIN;
    private Instant nextRetention = Instant.MIN;

    DeadLetterDesk(Lane lane, RowHandling rows) {
        this.lane = lane;
        boolean on = rows.queue().isPresent() && lane.sink().parksRows();
        this.rows = rows;
        this.max = on ? rows.maxDeadLetters() : 0;
        this.letters = on
                ? new LaneLetters(
                        lane.name(), rows.queue().orElseThrow(), lane.settings().clock())
                : null;
        this.replay = new LetterReplay(lane.sink(), letters);
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

    private OpenLetters open(TableId table) {
        return open.computeIfAbsent(table, t -> new OpenLetters());
    }

    /** A table was resumed: brings the queue to where the table is, and tells the sink what waits. */
    void begin(TableId table) {
        if (!isOn()) {
            return;
        }
        open.remove(table);
        ParkingRecord record = lane.sink().parking(table);
        undecided.remove(table);
        if (replay.resolve(table, record)) {
            undecided.add(table);
        }
        letters.in(table, DeadLetterState.BLOCKING).forEach(open(table)::add);
        dropVoid(table, record);
        if (forgetTold(table, record)) {
            park(table);
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
        given.forEach(open(table)::add);
        int told = 0;
        while (!ParkedDigest.of(open(table).keys(), end).equals(record.open())) {
            if (told == given.size()) {
                return false;
            }
            open(table).remove(List.of(given.get(told++).id().at()));
        }
        letters.remove(given.subList(0, told).stream().map(DeadLetter::id).toList());
        return true;
    }

    /** Nothing is staged any more: each table is asked again. */
    void forgetStaged() {
        replay.forgetStaged();
        voided.clear();
        undecided.clear();
        givenUp.clear();
    }

    private void park(TableId table) {
        lane.sink().park(table, open(table).keys());
        count(table);
    }

    private void count(TableId table) {
        lane.board().deadLetters(table, open(table).size());
    }

    /** The table was emptied or copied again there, and that is committed. */
    private void dropVoid(TableId table, ParkingRecord record) {
        record.from().ifPresent(from -> {
            Set<SequenceNumber> old = open(table).before(from);
            letters.move(letters.ids(table, old), DeadLetterMove.superseded(letters.now()));
            open(table).remove(old);
            letters.remove(letters.in(table, EnumSet.of(DeadLetterState.DISCARDED)).stream()
                    .map(DeadLetter::id)
                    .filter(id -> id.at().compareTo(from) < 0)
                    .toList());
        });
        count(table);
    }

    /**
     * What was given up is not in the target: that stands in the checkpoint first. The target says with the next commit that
     * it does not wait for it; only then is it forgotten.
     */
    private void discard(TableId table, Collection<DeadLetter> given) throws InterruptedException {
        lane.board()
                .diverged(
                        table, given.size() + " dead letters were purged and never applied: their rows are older here");
        lane.checkpoints().advance(lane.checkpoints().current().coveredUpTo(), lane.board());
        open(table).remove(given.stream().map(letter -> letter.id().at()).toList());
        park(table);
        replay.stageName(table);
        givenUp.put(table, given.stream().map(DeadLetter::id).toList());
    }

    /** Stores what a write set aside. */
    void note(WriteResult result) {
        if (!isOn()) {
            return;
        }
        result.parked().stream()
                .collect(Collectors.groupingBy(ParkedRow::table, TreeMap::new, Collectors.toList()))
                .forEach(this::store);
        voided.addAll(result.voided().keySet());
    }

    private void store(TableId table, List<ParkedRow> rows) {
        OpenLetters waiting = open(table);
        List<ParkedRow> fresh =
                rows.stream().filter(row -> !waiting.contains(row.at())).toList();
        Optional<PhilotesException> refused = unlessSetAside(fresh);
        if (refused.isPresent()) {
            lane.sink().suspend(table);
            lane.board()
                    .held(
                            table,
                            refused.get().getMessage() + " -- " + refused.get().hint());
            return;
        }
        if (waiting.size() + fresh.size() > max) {
            lane.sink().suspend(table);
            lane.board().held(table, tooMany(waiting.size() + fresh.size()));
            return;
        }
        add(waiting, fresh);
        count(table);
        if (letters.kept(table) < waiting.size()) {
            lane.sink().suspend(table);
            lane.board()
                    .needsResync(
                            table,
                            "a change that was set aside now was applied or replaced before: the target went back in time");
        } else if (!fresh.isEmpty()) {
            tell(table, fresh);
        }
    }

    private void tell(TableId table, List<ParkedRow> fresh) {
        ParkedRow first = fresh.get(0);
        LOG.warn(
                "Pipeline {}, table {}: {} changes are set aside as dead letters, the first at {}: {}",
                lane.name(),
                table,
                fresh.size(),
                first.at(),
                first.failure().map(Throwable::getMessage).orElse("it waits behind another"));
        lane.settings().metrics().parked(table, fresh.size());
        new Listeners(lane.settings().listeners())
                .tell(l -> l.rowsParked(lane.name().pipeline(), lane.name().sink(), table, fresh.size()));
    }

    /** Under another policy than to set rows aside, what waits behind letters goes to them, and no others. */
    private Optional<PhilotesException> unlessSetAside(List<ParkedRow> fresh) {
        Optional<PhilotesException> refused = rows.policy() == RowPolicy.DEAD_LETTER
                ? Optional.empty()
                : fresh.stream().flatMap(row -> row.failure().stream()).findFirst();
        refused.ifPresent(failure -> FailurePolicy.requireGoingOn(rows.policy(), failure));
        return refused;
    }

    private String tooMany(int count) {
        return count + " of its changes would be dead letters, and " + max
                + " may be -- mend what does not fit, ask for a replay and start the pipeline again; or copy the table again";
    }

    private void add(OpenLetters waiting, List<ParkedRow> fresh) {
        List<ParkedChange> stored = new ArrayList<>();
        for (ParkedRow row : fresh) {
            ParkedChange letter =
                    letters.letter(row, waiting.codeBefore(row.keys(), ErrorCode.VALUE_OUT_OF_RANGE.code()));
            waiting.add(letter.letter());
            stored.add(letter);
        }
        letters.add(stored);
    }

    /**
     * Stores what a table copy set aside, before its commit. The table is out of the stream since before the copy's point, so
     * letters behind that are of another past of the source, such as before it was restored, or of an earlier copy there.
     */
    void storeCopied(TableId table, Lsn consistentPoint, List<ParkedRow> copied) {
        if (!isOn()) {
            return;
        }
        letters.forgetFrom(table, new SequenceNumber(consistentPoint, Long.MIN_VALUE));
        if (!copied.isEmpty()) {
            unlessSetAside(copied).ifPresent(failure -> {
                throw failure.inTable(table);
            });
            add(new OpenLetters(), copied);
            LOG.warn("Pipeline {}, table {}: {} rows of its copy are dead letters", lane.name(), table, copied.size());
        }
    }

    /** A table copy was committed. */
    void copied(TableId table) {
        begin(table);
    }

    /** Whether somebody asked for what can be done now, and some time passed since the last look. */
    boolean isAsked(Lsn cursor) {
        Instant now = lane.settings().clock().instant();
        if (!isOn() || now.isBefore(nextAsk)) {
            return false;
        }
        nextAsk = now.plus(ASK_EVERY);
        if (!now.isBefore(nextRetention)) {
            nextRetention = now.plus(RETAIN_EVERY);
            letters.retain(rows.retention());
        }
        return undecided.stream().anyMatch(table -> follows(table, cursor))
                || (letters.anyAsked() && !askedNow(cursor).isEmpty());
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
                        || open(letter.id().table()).allBefore(letter.id().at(), cursor))
                .toList();
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

    private boolean follows(TableId table, Lsn cursor) {
        TableState state = lane.board().progress(table).state();
        return (state == TableState.STREAMING || state == TableState.DIVERGED)
                && !lane.board().progress(table).position().isAfter(cursor);
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
            replay.stage(table, open(table), wanted);
        } catch (PhilotesException e) {
            if (FailurePolicy.actionFor(e.inTable(table)) != FailurePolicy.Action.HOLD_TABLE) {
                throw e;
            }
            hold(table, e);
        }
    }

    private void hold(TableId table, PhilotesException e) {
        String reason = "its dead letters cannot be replayed: " + e.getMessage() + " -- " + e.hint();
        lane.sink().suspend(table);
        if (FailurePolicy.stateAfter(e) == TableState.NEEDS_RESYNC) {
            lane.board().needsResync(table, reason);
        } else {
            lane.board().held(table, reason);
        }
    }

    /** A commit round ended well: the queue follows. */
    void committed() {
        for (TableId table : voided) {
            dropVoid(table, lane.sink().parking(table));
        }
        voided.clear();
        replay.landed().forEach((table, places) -> {
            if (undecided.remove(table)) {
                replay.giveBack(table);
                return;
            }
            if (givenUp.containsKey(table)) {
                letters.remove(givenUp.get(table));
                return;
            }
            open(table).remove(places);
            park(table);
            LOG.info("Pipeline {}, table {}: {} dead letters are applied", lane.name(), table, places.size());
        });
        givenUp.clear();
    }
}
