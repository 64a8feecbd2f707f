// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.BatchCodec;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.Sink;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a pipeline does with rows set aside, over a queue in memory that outlives every sink: the engine's part, in small. */
final class Letters {

    private final TableId table;
    private final Map<SequenceNumber, ParkedRow> waiting = new TreeMap<>();
    private final Set<SequenceNumber> applying = new HashSet<>();
    private String replay = "";
    private int replays;

    Letters(TableId table) {
        this.table = table;
    }

    /** Stores what a write set aside: before the commit. */
    void add(WriteResult result) {
        assertThat(result.rejections()).isEmpty();
        add(result.parked());
    }

    void add(List<ParkedRow> rows) {
        for (ParkedRow row : rows) {
            ParkedRow stored = new ParkedRow(
                    row.table(),
                    row.at(),
                    row.keys(),
                    BatchCodec.decode(BatchCodec.encode(row.change())),
                    row.failure());
            waiting.putIfAbsent(row.at(), stored);
        }
    }

    /** What follows a commit that landed, or a start: the table itself tells what became of the rows. */
    void settle(Sink sink) {
        ParkingRecord record = sink.parking(table);
        record.from().ifPresent(from -> waiting.keySet().removeIf(at -> at.compareTo(from) < 0));
        if (record.lastReplay().equals(replay)) {
            waiting.keySet().removeAll(applying);
        }
        applying.clear();
    }

    void resume(Sink sink, RelationSchema relation) {
        sink.resume(relation, sink.committedUpTo(relation).orElseThrow());
        settle(sink);
        assertThat(sink.parking(table).open())
                .as("what the target waits for")
                .isEqualTo(ParkedDigest.of(
                        open(), new SequenceNumber(sink.committedUpTo(relation).orElseThrow(), 0)));
        sink.park(table, open());
    }

    Map<SequenceNumber, SortedSet<String>> open() {
        Map<SequenceNumber, SortedSet<String>> open = new TreeMap<>();
        waiting.forEach((at, row) -> open.put(at, row.keys()));
        return open;
    }

    Map<String, SequenceNumber> keys() {
        Map<String, SequenceNumber> keys = new TreeMap<>();
        waiting.values().forEach(row -> row.keys().forEach(key -> keys.putIfAbsent(key, row.at())));
        return keys;
    }

    /** Everything that hangs together with one of the rows. */
    List<ParkedRow> together(Collection<SequenceNumber> wanted) {
        Set<SequenceNumber> all = new TreeSet<>(wanted);
        Set<String> keys = new TreeSet<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ParkedRow row : waiting.values()) {
                if (all.contains(row.at()) || row.keys().stream().anyMatch(keys::contains)) {
                    grew |= all.add(row.at()) | keys.addAll(row.keys());
                }
            }
        }
        return all.stream().map(waiting::get).toList();
    }

    /** Stages a replay of some rows and of what hangs together with them; a commit must follow, and {@link #settle}. */
    ReplayResult replay(Sink sink, Collection<SequenceNumber> wanted) {
        replay = "replay-" + ++replays;
        try {
            ReplayResult result = sink.replay(table, together(wanted), replay);
            applying.addAll(result.taken());
            return result;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    ReplayResult replayAll(Sink sink) {
        return replay(sink, places());
    }

    List<SequenceNumber> places() {
        return new ArrayList<>(waiting.keySet());
    }

    Optional<ParkedRow> first() {
        return waiting.values().stream().findFirst();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }
}
