// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The publication, which all sinks share: it holds what one of them follows or is about to copy. One sink at a time changes it,
 * so that none takes out what another has just put in. Thread-safe; guarded by {@code this}.
 */
final class PublishedTables {

    private final Lanes lanes;
    private final Map<String, Set<TableId>> beingCopied = new HashMap<>();

    PublishedTables(Lanes lanes) {
        this.lanes = lanes;
    }

    /**
     * Publishes tables that a sink is going to copy, beside those that are followed. Of what was not published and is now,
     * the other sinks hear too: to publish it must not hide from them that its changes were missing.
     *
     * @return tables that were not published
     */
    synchronized Set<TableId> publish(AttachedSource source, Lane lane, Set<TableId> wanted) {
        requireAllKnown();
        long began = System.nanoTime();
        Set<TableId> missed = source.unpublished();
        Looks.Look told = Looks.Look.missed(missed, began, System.nanoTime());
        lanes.stream()
                .filter(other -> other != lane && !missed.isEmpty())
                .forEach(other -> other.looks().add(told));
        beingCopied.put(lane.name().sink(), Set.copyOf(wanted));
        source.preparePublication(all());
        return missed;
    }

    private Set<TableId> all() {
        Set<TableId> all = new HashSet<>(lanes.loaded());
        beingCopied.values().forEach(all::addAll);
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

    /** The copies of a sink joined, or were given up. */
    synchronized void settled(Lane lane) {
        beingCopied.remove(lane.name().sink());
    }

    /** At the beginning of a session: what is followed, or a first start's tables. */
    synchronized void begin(AttachedSource source, Set<TableId> tables) {
        boolean allKnown = lanes.stream().allMatch(lane -> lane.checkpoints().isKnown());
        if (allKnown && !tables.isEmpty()) {
            source.preparePublication(tables);
        }
    }
}
