// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.metrics.PipelineMetrics.LetterEnd;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The dead letters of one sink that are not resolved, as the sink and the status are told of them. Owned by the lane's thread. */
final class WaitingLetters {

    private final Lane lane;
    private final Map<TableId, OpenLetters> tables = new TreeMap<>();
    private final Set<TableId> held = new HashSet<>();

    WaitingLetters(Lane lane) {
        this.lane = lane;
    }

    OpenLetters of(TableId table) {
        return tables.computeIfAbsent(table, t -> new OpenLetters());
    }

    /** Nothing is known of a table any more. */
    void forget(TableId table) {
        tables.remove(table);
    }

    /** Tells the sink which keys wait. */
    void park(TableId table) {
        lane.sink().park(table, of(table).keys());
        count(table);
    }

    /** Its letters keep a table from going on, and nothing else does. */
    void hold(TableId table, String reason) {
        lane.sink().suspend(table);
        lane.board().held(table, reason);
        held.add(table);
    }

    boolean isHeld(TableId table) {
        return held.contains(table);
    }

    /** Every table begins anew. */
    void letGo() {
        held.clear();
    }

    void count(TableId table) {
        lane.board().deadLetters(table, of(table).size());
        lane.settings().metrics().lettersWaiting(table, of(table).size());
    }

    /** These wait no longer; to be told before they are removed. */
    void ended(TableId table, Collection<SequenceNumber> places, LetterEnd end) {
        of(table)
                .codes(places)
                .forEach((code, letters) -> lane.settings().metrics().lettersEnded(table, code, letters, end));
    }
}
