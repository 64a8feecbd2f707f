// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRetention;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.PipelineMetrics.LetterEnd;
import io.philotes.model.BatchCodec;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.ParkedRow;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sink's part of the dead-letter queue. Owned by the lane's thread. */
final class LaneLetters {

    private static final Logger LOG = LoggerFactory.getLogger(LaneLetters.class);

    private static final int PAGE = 500;

    /** What somebody asked of the pipeline. */
    private static final Set<DeadLetterState> ASKED = EnumSet.of(DeadLetterState.WANTED, DeadLetterState.DISCARDED);

    private final LaneName lane;
    private final DeadLetterQueue queue;
    private final Clock clock;
    private final PipelineMetrics metrics;

    LaneLetters(Lane lane, DeadLetterQueue queue) {
        this.lane = lane.name();
        this.queue = queue;
        this.clock = lane.settings().clock();
        this.metrics = lane.settings().metrics();
    }

    Instant now() {
        return clock.instant();
    }

    private DeadLetterFilter ofLane() {
        return DeadLetterFilter.ALL.ofSink(lane.sink());
    }

    /** Removes what need not be kept any more. */
    void retain(DeadLetterRetention retention) {
        int removed = retention.apply(queue, now());
        if (removed > 0) {
            LOG.info("Pipeline {}: {} resolved dead letters were kept long enough and are removed", lane, removed);
        }
    }

    /** In the order of their places. */
    List<DeadLetter> in(TableId table, Set<DeadLetterState> states) {
        return all(ofLane().ofTable(table).in(states));
    }

    boolean anyAsked() {
        return queue.count(ofLane().in(ASKED)) > 0;
    }

    List<DeadLetter> asked() {
        return all(ofLane().in(ASKED));
    }

    private List<DeadLetter> all(DeadLetterFilter filter) {
        List<DeadLetter> all = new ArrayList<>();
        List<DeadLetter> page;
        do {
            Optional<DeadLetter.Id> after = all.isEmpty()
                    ? Optional.empty()
                    : Optional.of(all.get(all.size() - 1).id());
            page = queue.list(filter, after, PAGE);
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    /** How many of a table still wait, or were given up and are to be forgotten. */
    long kept(TableId table) {
        Set<DeadLetterState> states = EnumSet.copyOf(DeadLetterState.BLOCKING);
        states.add(DeadLetterState.DISCARDED);
        return queue.count(ofLane().ofTable(table).in(states));
    }

    DeadLetter.Id id(TableId table, SequenceNumber at) {
        return new DeadLetter.Id(lane.pipeline(), lane.sink(), table, at);
    }

    List<DeadLetter.Id> ids(TableId table, Collection<SequenceNumber> places) {
        return places.stream().map(at -> id(table, at)).toList();
    }

    /** A row as a letter; one that only waits has the code of what it waits for. */
    ParkedChange letter(ParkedRow row, String codeBefore) {
        DeadLetter.Id id = id(row.table(), row.at());
        byte[] change = BatchCodec.encode(row.change());
        return row.failure()
                .map(why -> ParkedChange.rejected(id, row.keys(), why.code().code(), why.reason(), change, now()))
                .orElseGet(() -> ParkedChange.behind(
                        id, row.keys(), codeBefore, "waits behind an earlier change of its key", change, now()));
    }

    void add(List<ParkedChange> letters) {
        queue.add(letters);
    }

    List<DeadLetter.Id> move(Collection<DeadLetter.Id> ids, DeadLetterMove move) {
        return ids.isEmpty() ? List.of() : queue.move(ids, move);
    }

    void remove(Collection<DeadLetter.Id> ids) {
        queue.remove(ids);
    }

    /** These letters of a table wait no longer. */
    void ended(TableId table, Collection<DeadLetter> letters, LetterEnd end) {
        letters.stream()
                .collect(Collectors.groupingBy(DeadLetter::code, TreeMap::new, Collectors.counting()))
                .forEach((code, count) -> metrics.lettersEnded(table, code, count, end));
    }

    /** Nothing is left of a table's letters at a place or behind it; their places may come again for other changes. */
    void forgetFrom(TableId table, SequenceNumber place) {
        List<DeadLetter> behind = in(table, EnumSet.allOf(DeadLetterState.class)).stream()
                .filter(letter -> letter.id().at().compareTo(place) >= 0)
                .toList();
        if (!behind.isEmpty()) {
            List<DeadLetter.Id> ids = behind.stream().map(DeadLetter::id).toList();
            ended(
                    table,
                    behind.stream().filter(letter -> letter.state().blocks()).toList(),
                    LetterEnd.SUPERSEDED);
            LOG.warn(
                    "Pipeline {}, table {}: {} dead letters lie behind the table copy and are void",
                    lane,
                    table,
                    ids.size());
            move(ids, DeadLetterMove.superseded(now()));
            remove(ids);
        }
    }

    Optional<DeadLetter> find(DeadLetter.Id id) {
        return queue.find(id);
    }

    /** The letter with its change, as the sink set it aside. */
    ParkedRow read(DeadLetter letter) {
        byte[] change = queue.change(letter.id()).orElseThrow(() -> unreadable(letter, "it is gone", null));
        try {
            return new ParkedRow(
                    letter.id().table(), letter.id().at(), letter.keys(), BatchCodec.decode(change), Optional.empty());
        } catch (MalformedBatchException e) {
            throw unreadable(letter, e.getMessage(), e);
        }
    }

    private static PhilotesException unreadable(DeadLetter letter, String why, Exception cause) {
        return new PhilotesException(ErrorCode.VALUE_MALFORMED, "Cannot read a dead letter: " + why, cause)
                .hinting("start the pipeline again, and purge this letter or copy the table again")
                .inTable(letter.id().table())
                .at(letter.id().at().commitLsn());
    }
}
