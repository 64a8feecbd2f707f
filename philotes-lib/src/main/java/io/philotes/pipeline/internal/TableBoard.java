// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.TableStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where each table stands. Written by the apply thread (counters by copy threads too), read by anyone. */
final class TableBoard {

    private static final Logger LOG = LoggerFactory.getLogger(TableBoard.class);

    /** A table's progress with the counters of this run; immutable. */
    private record Entry(
            TableProgress progress, long copied, long committed, long commits, Instant lastCommit, int deadLetters) {

        static final Entry NEW = new Entry(TableProgress.PENDING, 0, 0, 0, null, 0);

        Entry with(TableProgress next) {
            return new Entry(next, copied, committed, commits, lastCommit, deadLetters);
        }

        TableStatus status(TableId table) {
            return new TableStatus(
                    table,
                    progress.state(),
                    progress.position(),
                    copied,
                    committed,
                    commits,
                    Optional.ofNullable(lastCommit),
                    deadLetters,
                    progress.reason());
        }
    }

    private final LaneName lane;
    private final Listeners listeners;
    private final Map<TableId, Entry> entries = new ConcurrentSkipListMap<>();
    private final Map<TableId, Lsn> pins = new ConcurrentSkipListMap<>();

    TableBoard(LaneName lane, Listeners listeners) {
        this.lane = lane;
        this.listeners = listeners;
    }

    /** Takes exactly these tables, with the progress that is known of them. */
    void restore(Collection<TableId> tables, Map<TableId, TableProgress> known) {
        entries.keySet().retainAll(tables);
        pins.clear();
        for (TableId table : tables) {
            TableProgress progress = known.getOrDefault(table, TableProgress.PENDING);
            entries.compute(table, (t, e) -> (e == null ? Entry.NEW : e).with(progress));
        }
    }

    /** Takes one more table. */
    void admit(TableId table) {
        entries.putIfAbsent(table, Entry.NEW);
    }

    Set<TableId> tables() {
        return Set.copyOf(entries.keySet());
    }

    TableProgress progress(TableId table) {
        Entry entry = entries.get(table);
        return entry == null ? TableProgress.PENDING : entry.progress();
    }

    Map<TableId, TableProgress> snapshot() {
        Map<TableId, TableProgress> all = new TreeMap<>();
        entries.forEach((table, entry) -> all.put(table, entry.progress()));
        return all;
    }

    List<TableStatus> statuses() {
        return entries.entrySet().stream()
                .map(e -> e.getValue().status(e.getKey()))
                .toList();
    }

    void move(TableId table, UnaryOperator<TableProgress> change) {
        TableProgress before = progress(table);
        TableProgress after = change.apply(before);
        entries.computeIfPresent(table, (t, e) -> e.with(after));
        if (after.state() != TableState.COPYING) {
            pins.remove(table);
        }
        if (before.state() != after.state()) {
            announce(table, before.state(), after);
        }
    }

    private void announce(TableId table, TableState before, TableProgress after) {
        if (after.reason().isEmpty()) {
            LOG.info("Pipeline {}, table {}: {} -> {}", lane, table, before, after.state());
        } else {
            LOG.warn("Pipeline {}, table {}: {} -> {}: {}", lane, table, before, after.state(), after.reason());
        }
        listeners.tell(
                l -> l.tableStateChanged(lane.pipeline(), lane.sink(), table, before, after.state(), after.reason()));
    }

    /** Its content will be replaced: the old one stands for no position any more. */
    void pending(TableId table) {
        move(table, TableProgress::again);
    }

    /** @param pin changes behind it must be kept, for the copy will end there or later */
    void copying(TableId table, Lsn pin) {
        move(table, p -> new TableProgress(TableState.COPYING, Lsn.ZERO, p.lastMarker(), ""));
        pin(table, pin);
    }

    /** Moves the pin of a table that is COPYING. */
    void pin(TableId table, Lsn pin) {
        pins.put(table, pin);
    }

    /** Says what is the matter with a table whose state does not change. */
    void note(TableId table, String reason) {
        move(table, p -> new TableProgress(p.state(), p.position(), p.lastMarker(), reason));
    }

    void loaded(TableId table, Lsn consistentPoint) {
        move(table, p -> new TableProgress(TableState.STREAMING, consistentPoint, consistentPoint, ""));
    }

    void resumed(TableId table, Lsn position, Lsn marker) {
        move(
                table,
                p -> p.state() == TableState.DIVERGED
                        ? new TableProgress(TableState.DIVERGED, position, marker, p.reason())
                        : new TableProgress(TableState.STREAMING, position, marker, ""));
    }

    void held(TableId table, String reason) {
        move(table, p -> new TableProgress(TableState.HELD, p.position(), p.lastMarker(), reason));
    }

    /** A table that waits or must be copied again is in a worse state already, and stays there. */
    void diverged(TableId table, String reason) {
        move(
                table,
                p -> p.state() == TableState.STREAMING
                        ? new TableProgress(TableState.DIVERGED, p.position(), p.lastMarker(), reason)
                        : p);
    }

    void needsResync(TableId table, String reason) {
        move(table, p -> new TableProgress(TableState.NEEDS_RESYNC, p.position(), p.lastMarker(), reason));
    }

    void copiedRows(TableId table, long rows) {
        entries.computeIfPresent(
                table,
                (t, e) -> new Entry(
                        e.progress(), e.copied() + rows, e.committed(), e.commits(), e.lastCommit(), e.deadLetters()));
    }

    void deadLetters(TableId table, int count) {
        entries.computeIfPresent(
                table,
                (t, e) -> new Entry(e.progress(), e.copied(), e.committed(), e.commits(), e.lastCommit(), count));
    }

    void committed(TableId table, Lsn marker, long rows, Instant at) {
        entries.computeIfPresent(table, (t, e) -> {
            TableProgress p = e.progress();
            TableProgress moved = new TableProgress(p.state(), Lsn.max(p.position(), marker), marker, p.reason());
            return new Entry(moved, e.copied(), e.committed() + rows, e.commits() + 1, at, e.deadLetters());
        });
    }

    /** Every table that follows the stream has everything up to {@code upTo}. */
    void covered(Lsn upTo) {
        entries.replaceAll((table, entry) -> {
            TableProgress p = entry.progress();
            return follows(p.state())
                    ? entry.with(new TableProgress(p.state(), Lsn.max(p.position(), upTo), p.lastMarker(), p.reason()))
                    : entry;
        });
    }

    /** Whether the stream goes on for it. */
    boolean follows(TableId table) {
        return follows(progress(table).state());
    }

    private static boolean follows(TableState state) {
        return state == TableState.STREAMING || state == TableState.DIVERGED;
    }

    boolean anyLoaded() {
        return !loaded().isEmpty();
    }

    /** The tables whose content stands for a position. */
    Set<TableId> loaded() {
        return entries.entrySet().stream()
                .filter(e -> e.getValue().progress().state().isLoaded())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    List<TableId> inState(TableState state) {
        return entries.entrySet().stream()
                .filter(e -> e.getValue().progress().state() == state)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Whether every table that can has everything up to {@code upTo}; one that is held or to be copied again cannot, one that
     * is being copied will.
     */
    boolean allReached(Lsn upTo) {
        return entries.values().stream().map(Entry::progress).allMatch(p -> switch (p.state()) {
            case PENDING, COPYING -> false;
            case STREAMING, DIVERGED -> !p.position().isBefore(upTo);
            case HELD, NEEDS_RESYNC -> true;
        });
    }

    /** The end of what some table has; {@link Lsn#ZERO} when the content of none stands for a position. */
    Lsn heldUpTo() {
        return entries.values().stream().map(e -> e.progress().heldUpTo()).reduce(Lsn.ZERO, Lsn::max);
    }

    /** The lowest position from which a copy that runs may want the changes; empty when none runs. */
    Optional<Lsn> lowestPin() {
        return pins.values().stream().min(Lsn::compareTo);
    }

    /** The lowest position behind which a table still needs changes; empty when no table does. */
    Optional<Lsn> lowestPosition() {
        return Stream.concat(
                        pins.values().stream(),
                        entries.values().stream()
                                .map(Entry::progress)
                                .filter(p -> p.state().isLoaded())
                                .map(TableProgress::position))
                .min(Lsn::compareTo);
    }
}
