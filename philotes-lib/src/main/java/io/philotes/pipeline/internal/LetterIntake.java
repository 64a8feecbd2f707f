// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.pipeline.RowPolicy;
import io.philotes.sink.ParkedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the rows that a sink set aside, before the commit that passes them. Owned by the lane's thread. */
final class LetterIntake {

    private static final Logger LOG = LoggerFactory.getLogger(LetterIntake.class);

    private final Lane lane;
    private final RowHandling rows;
    private final int max;
    private final LaneLetters letters;
    private final WaitingLetters waiting;

    /** @param max how many may wait in one table */
    LetterIntake(Lane lane, RowHandling rows, int max, LaneLetters letters, WaitingLetters waiting) {
        this.lane = lane;
        this.rows = rows;
        this.max = max;
        this.letters = letters;
        this.waiting = waiting;
    }

    /** Stores what a write set aside. */
    void store(List<ParkedRow> parked) {
        parked.stream()
                .collect(Collectors.groupingBy(ParkedRow::table, TreeMap::new, Collectors.toList()))
                .forEach(this::store);
    }

    private void store(TableId table, List<ParkedRow> parked) {
        OpenLetters known = waiting.of(table);
        List<ParkedRow> fresh =
                parked.stream().filter(row -> !known.contains(row.at())).toList();
        Optional<PhilotesException> refused = unlessSetAside(fresh);
        if (refused.isPresent()) {
            lane.sink().suspend(table);
            lane.board()
                    .held(
                            table,
                            refused.get().getMessage() + " -- " + refused.get().hint());
            return;
        }
        if (known.size() + fresh.size() > max) {
            waiting.hold(table, tooMany(known.size() + fresh.size()));
            return;
        }
        add(known, fresh);
        waiting.count(table);
        if (letters.kept(table) < known.size()) {
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
                + " may be -- mend what does not fit and ask for a replay, or purge what is not wanted; or copy the table again";
    }

    private void add(OpenLetters known, List<ParkedRow> fresh) {
        List<ParkedChange> stored = new ArrayList<>();
        for (ParkedRow row : fresh) {
            ParkedChange letter =
                    letters.letter(row, known.codeBefore(row.keys(), ErrorCode.VALUE_OUT_OF_RANGE.code()));
            known.add(letter.letter());
            stored.add(letter);
        }
        letters.add(stored);
        if (!fresh.isEmpty()) {
            TableId table = fresh.get(0).table();
            known.codes(fresh.stream().map(ParkedRow::at).toList())
                    .forEach((code, rows) -> lane.settings().metrics().parked(table, code, rows));
        }
    }

    /**
     * Stores what a table copy set aside, before its commit. The table is out of the stream since before the copy's point, so
     * letters behind that are of another past of the source, such as before it was restored, or of an earlier copy there.
     */
    void storeCopied(TableId table, Lsn consistentPoint, List<ParkedRow> copied) {
        letters.forgetFrom(table, new SequenceNumber(consistentPoint, Long.MIN_VALUE));
        if (!copied.isEmpty()) {
            unlessSetAside(copied).ifPresent(failure -> {
                throw failure.inTable(table);
            });
            add(new OpenLetters(), copied);
            LOG.warn("Pipeline {}, table {}: {} rows of its copy are dead letters", lane.name(), table, copied.size());
        }
    }
}
