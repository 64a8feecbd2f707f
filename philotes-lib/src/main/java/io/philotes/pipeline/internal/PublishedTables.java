// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The publication, which all sinks share: it holds what one of them follows or is about to copy. One sink at a time changes it,
 * so that none takes out what another has just put in. Thread-safe; the publication is guarded by {@code this}.
 */
final class PublishedTables {

    private final Lanes lanes;
    private final Map<String, Set<TableId>> beingCopied = new ConcurrentHashMap<>();

    PublishedTables(Lanes lanes) {
        this.lanes = lanes;
    }

    /**
     * Publishes tables that a sink is going to copy, beside those that are followed.
     *
     * @throws PhilotesException CHECKPOINT_FAILED while a sink has not stored that it must copy one of them again, or not
     *     said yet which tables it follows
     */
    synchronized void publish(AttachedSource source, Lane lane, Set<TableId> wanted) {
        requireAllKnown();
        Set<TableId> missed = tellMissed(source);
        wanted.stream().filter(missed::contains).forEach(this::requireUnfollowed);
        missed.removeAll(wanted);
        beingCopied.put(lane.name().sink(), Set.copyOf(wanted));
        prepare(source, all(), missed);
    }

    /** Also the sink that asks: what it is told in its queue it hears whatever becomes of its copy. */
    private Set<TableId> tellMissed(AttachedSource source) {
        long began = System.nanoTime();
        Set<TableId> missed = new HashSet<>(source.unpublished());
        if (!missed.isEmpty()) {
            Looks.Look told = Looks.Look.missed(missed, began, System.nanoTime());
            lanes.forEach(lane -> lane.looks().add(told));
        }
        return missed;
    }

    /** Whoever follows a table whose changes were missing sees it by the publication alone. */
    private void requireUnfollowed(TableId table) {
        for (Lane lane : lanes) {
            if (follows(lane, table)) {
                throw new PhilotesException(
                                ErrorCode.CHECKPOINT_FAILED,
                                "Cannot publish the table: changes of it were not published, and the sink "
                                        + lane.name().sink() + " has not stored yet that it misses them")
                        .inTable(table)
                        .hinting(
                                "it does so when it goes on; if it failed, start the pipeline again or remove the sink");
            }
        }
    }

    /** On the board a table may be given up before that is stored. */
    private static boolean follows(Lane lane, TableId table) {
        return lane.board().progress(table).state().isLoaded()
                || lane.checkpoints().hasLoaded(table);
    }

    /** What is missing stays out until it is copied again: that it is out is all that tells of it after a crash. */
    private static void prepare(AttachedSource source, Set<TableId> tables, Set<TableId> missed) {
        Set<TableId> whole = new HashSet<>(tables);
        whole.removeAll(missed);
        if (!whole.isEmpty()) {
            source.preparePublication(whole);
        }
    }

    /** A sink gave up tables that must not be published any more, or their updates would fail at the source. */
    synchronized void takeOut(AttachedSource source) {
        if (allKnown() && !all().isEmpty()) {
            prepare(source, all(), tellMissed(source));
        }
    }

    private boolean allKnown() {
        return lanes.stream().allMatch(lane -> lane.checkpoints().isKnown());
    }

    private Set<TableId> all() {
        Set<TableId> all = new HashSet<>();
        beingCopied.values().forEach(all::addAll);
        // In this order: a table that joins meanwhile is followed before it is no longer being copied.
        all.addAll(lanes.loaded());
        return all;
    }

    /** What a sink follows and did not say yet would be taken out. */
    private void requireAllKnown() {
        for (Lane lane : lanes) {
            if (!lane.checkpoints().isKnown()) {
                throw new PhilotesException(
                        ErrorCode.CHECKPOINT_FAILED,
                        "Cannot change the publication: it is not known yet which tables the sink "
                                + lane.name().sink() + " follows");
            }
        }
    }

    /** The copies of a sink joined, or were given up. Never waits. */
    void settled(Lane lane) {
        beingCopied.remove(lane.name().sink());
    }

    /** At the beginning of a session: what is followed, or a first start's tables. */
    synchronized void begin(AttachedSource source, Set<TableId> tables) {
        if (!allKnown() || tables.isEmpty()) {
            return;
        }
        if (tables.stream().anyMatch(this::isFollowed)) {
            prepare(source, tables, tellMissed(source));
        } else {
            source.preparePublication(tables);
        }
    }

    private boolean isFollowed(TableId table) {
        return lanes.stream().anyMatch(lane -> follows(lane, table));
    }
}
