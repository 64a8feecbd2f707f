// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;

/**
 * The keys of one table that have rows set aside, each with the first place, and what the target says of them. A key is busy
 * from that place on only: earlier changes come again after a crash and were written the first time, too. Confined to the
 * thread that works on the table.
 */
final class Parking {

    /** What one commit makes true. */
    private record Standing(
            Map<SequenceNumber, SortedSet<String>> open, Optional<SequenceNumber> from, String replay) {}

    private final TargetTable target;
    private final boolean on;
    private final Map<String, SequenceNumber> keys = new TreeMap<>();
    private final Map<SequenceNumber, SortedSet<String>> open = new TreeMap<>();
    private final List<ParkedRow> untold = new ArrayList<>();
    private Optional<SequenceNumber> from;
    private Optional<SequenceNumber> voided = Optional.empty();
    private String replay;
    private Standing committed;
    private Lsn upTo = Lsn.ZERO;

    Parking(TargetTable target, boolean possible) {
        this.target = target;
        this.on = possible && target.context().parksRows();
        ParkingRecord stands = TargetProperties.parking(target.properties());
        this.from = stands.from();
        this.replay = stands.lastReplay();
        this.committed = standing();
    }

    private Standing standing() {
        return new Standing(Map.copyOf(open), from, replay);
    }

    /** A table with rows set aside that nobody keeps any more would go on from rows that it does not have. */
    static void requireKept(TargetTable target) {
        long parked = TargetProperties.parkedRows(target.properties());
        if (parked > 0 && !target.context().parksRows()) {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE,
                            "Cannot go on: " + parked + " changes were set aside, and rows are not set aside now")
                    .inTable(target.source())
                    .hinting("give the pipeline its dead-letter queue and row policy again, or "
                            + Resync.command(target));
        }
    }

    boolean isOn() {
        return on;
    }

    /** Whether no key is busy, so that no change needs to be looked at. */
    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Replaces what is known. */
    void park(Map<SequenceNumber, SortedSet<String>> told) {
        know(told);
        committed = standing();
    }

    private void know(Map<SequenceNumber, SortedSet<String>> all) {
        keys.clear();
        open.clear();
        all.forEach((at, touched) -> occupy(touched, at));
    }

    boolean isBusy(SortedSet<String> touched, SequenceNumber at) {
        for (String key : touched) {
            SequenceNumber first = keys.get(key);
            if (first != null && first.compareTo(at) <= 0) {
                return true;
            }
        }
        return false;
    }

    void add(ChangeCursor change, SortedSet<String> touched, Optional<PhilotesException> why) {
        SequenceNumber at = new SequenceNumber(change.commitLsn(), change.ordinal());
        occupy(touched, at);
        untold.add(new ParkedRow(target.source(), at, touched, change.alone(), why));
    }

    private void occupy(SortedSet<String> touched, SequenceNumber at) {
        open.put(at, touched);
        touched.forEach(key -> keys.merge(key, at, (a, b) -> a.compareTo(b) <= 0 ? a : b));
    }

    /** The table is emptied at a place: nothing that came before it waits any more. */
    void empty(SequenceNumber at) {
        if (!on) {
            return;
        }
        keys.clear();
        open.clear();
        untold.clear();
        from = Optional.of(at);
        voided = from;
    }

    /** Rows were written again; those that were refused stay. */
    void replayed(String name, List<ParkedRow> all, List<ParkedRow> refused) {
        all.forEach(row -> {
            keys.keySet().removeAll(row.keys());
            open.remove(row.at());
        });
        refused.forEach(row -> occupy(row.keys(), row.at()));
        replay = name;
    }

    /** Whether every key of a row waits since its place or earlier: else it is in the table, or void. */
    boolean holds(ParkedRow row) {
        return row.keys().stream()
                .allMatch(key -> keys.containsKey(key) && keys.get(key).compareTo(row.at()) <= 0);
    }

    List<ParkedRow> takeUntold() {
        List<ParkedRow> taken = List.copyOf(untold);
        untold.clear();
        return taken;
    }

    /** Where the next commit empties the table, if that was not told yet. */
    Optional<SequenceNumber> takeVoided() {
        Optional<SequenceNumber> taken = voided;
        voided = Optional.empty();
        return taken;
    }

    /** The commit landed. */
    void committed() {
        committed = standing();
    }

    /** What was written is void, and comes again. */
    void restore() {
        know(committed.open());
        from = committed.from();
        replay = committed.replay();
        untold.clear();
        voided = Optional.empty();
    }

    /** How far the next commit goes: of what is set aside behind it, which comes again, it says nothing. */
    void stage(Lsn end) {
        upTo = end;
    }

    void put(Transaction transaction) {
        ParkedDigest digest = ParkedDigest.of(open, new SequenceNumber(upTo, 0));
        Map<String, String> pending = TargetProperties.parking(digest, from, replay);
        pending.entrySet()
                .removeIf(entry -> Objects.equals(
                        target.properties()
                                .getOrDefault(entry.getKey(), TargetProperties.nothingParked(entry.getKey())),
                        entry.getValue()));
        if (on && !pending.isEmpty()) {
            UpdateProperties update = transaction.updateProperties();
            pending.forEach(update::set);
            update.commit();
        }
    }
}
