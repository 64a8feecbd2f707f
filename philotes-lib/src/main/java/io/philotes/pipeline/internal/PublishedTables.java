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
     * Publishes tables that a sink is going to copy, beside those that are followed. Of what was not published and is now,
     * every sink hears: to publish it must not hide from them that its changes were missing.
     */
    synchronized void publish(AttachedSource source, Lane lane, Set<TableId> wanted) {
        requireAllKnown();
        tellMissed(source);
        beingCopied.put(lane.name().sink(), Set.copyOf(wanted));
        source.preparePublication(all());
    }

    /** Also the sink that asks: what it is told in its queue it hears whatever becomes of its copy. */
    private void tellMissed(AttachedSource source) {
        long began = System.nanoTime();
        Set<TableId> missed = source.unpublished();
        if (!missed.isEmpty()) {
            Looks.Look told = Looks.Look.missed(missed, began, System.nanoTime());
            lanes.forEach(lane -> lane.looks().add(told));
        }
    }

    /** A sink gave up tables that must not be published any more, or their updates would fail at the source. */
    synchronized void takeOut(AttachedSource source) {
        if (allKnown() && !all().isEmpty()) {
            tellMissed(source);
            source.preparePublication(all());
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
        if (allKnown() && !tables.isEmpty()) {
            source.preparePublication(tables);
        }
    }
}
