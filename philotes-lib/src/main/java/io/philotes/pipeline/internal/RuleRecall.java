// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.sink.Sink;
import io.philotes.source.AttachedSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Tells a source that leaves out or masks columns what the sinks remember of its tables: a masked column that was renamed
 * meanwhile must stay masked, also in a table that is only copied again. Stateless.
 */
final class RuleRecall {

    private RuleRecall() {}

    /**
     * Asks every sink for every table that its checkpoint knows, and for every other one that is configured: its target may
     * be there from an earlier time.
     *
     * @throws PhilotesException when of some table no sink could answer
     */
    static void recall(AttachedSource source, List<Lane> lanes) {
        if (!source.hasRules()) {
            return;
        }
        Set<TableId> configured = configured(source);
        Set<TableId> answered = new TreeSet<>();
        Set<TableId> asked = new TreeSet<>();
        List<RuntimeException> failures = new ArrayList<>();
        for (Lane lane : lanes) {
            Set<TableId> tables = tables(lane);
            tables.addAll(configured);
            asked.addAll(tables);
            try {
                for (TableId table : tables) {
                    lane.sink().lastPicture(table).ifPresent(source::recall);
                    answered.add(table);
                }
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        asked.removeAll(answered);
        if (!asked.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** For a look before a start: what a sink, or the source, cannot say now, its own check tells. */
    static void recallIfPossible(AttachedSource source, List<SinkPart> sinks) {
        if (source.hasRules()) {
            try {
                Set<TableId> configured = configured(source);
                sinks.forEach(part -> recallIfPossible(source, part.sink(), configured));
            } catch (PhilotesException toldByItsCheck) {
                return;
            }
        }
    }

    private static void recallIfPossible(AttachedSource source, Sink sink, Set<TableId> tables) {
        try {
            tables.forEach(table -> sink.lastPicture(table).ifPresent(source::recall));
        } catch (PhilotesException toldByItsCheck) {
            return;
        }
    }

    private static Set<TableId> configured(AttachedSource source) {
        return source.tables().stream()
                .map(picture -> picture.relation().table())
                .collect(Collectors.toSet());
    }

    private static Set<TableId> tables(Lane lane) {
        if (!lane.checkpoints().isLoaded()) {
            throw new PhilotesException(
                    ErrorCode.CHECKPOINT_FAILED,
                    "Cannot begin: columns are left out or masked, and what the sink "
                            + lane.name().sink() + " knows of them cannot be read");
        }
        return lane.checkpoints().current() == null
                ? new TreeSet<>()
                : new TreeSet<>(lane.checkpoints().current().tables().keySet());
    }
}
