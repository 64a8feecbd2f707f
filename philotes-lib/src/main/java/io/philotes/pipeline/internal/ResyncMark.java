// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.SlotState;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Notes in the checkpoints of a pipeline that does not run that tables must be copied again. Stateless. */
public final class ResyncMark {

    private ResyncMark() {}

    /**
     * In every sink that knows the table.
     *
     * @param tables empty for all
     */
    public static List<TableId> mark(PipelineParts parts, Collection<TableId> tables) {
        return mark(parts, parts.sinks(), tables, tables.isEmpty());
    }

    /**
     * In one sink.
     *
     * @param tables empty for all
     */
    public static List<TableId> mark(PipelineParts parts, String sink, Collection<TableId> tables) {
        List<SinkPart> named =
                parts.sinks().stream().filter(part -> part.name().equals(sink)).toList();
        if (named.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot mark tables: the pipeline has no sink '" + sink + "'");
        }
        return mark(parts, named, tables, false);
    }

    private static List<TableId> mark(
            PipelineParts parts, List<SinkPart> sinks, Collection<TableId> tables, boolean dropsSlot) {
        requireNoReader(parts);
        CheckpointStores stores = CheckpointStores.of(parts);
        Map<SinkPart, Checkpoint> stored = stored(parts, stores, sinks);
        Set<TableId> known = new TreeSet<>();
        stored.values().forEach(checkpoint -> known.addAll(checkpoint.tables().keySet()));
        List<TableId> wanted = tables.isEmpty() ? List.copyOf(known) : List.copyOf(tables);
        for (TableId table : wanted) {
            if (!known.contains(table)) {
                throw new PhilotesException(
                                ErrorCode.TABLE_MISSING, "Cannot mark a table: the pipeline's checkpoint has none such")
                        .inTable(table);
            }
        }
        boolean all = tables.isEmpty() && sinks.size() == parts.sinks().size();
        if (dropsSlot) {
            dropSlot(parts, stored.values());
        }
        stored.forEach((part, checkpoint) -> {
            Checkpoint marked = marked(checkpoint, wanted);
            save(stores.of(part.name()), key(parts, part), all ? ofAnySource(marked) : marked);
        });
        return wanted;
    }

    /**
     * Nothing is read from it again: what is copied next starts a slot of its own, at any source. So the slot of the
     * configured name in the configured database goes, whatever the source's past is; before anything is marked, for it may
     * be refused. In another database of the cluster it is somebody else's.
     */
    private static void dropSlot(PipelineParts parts, Collection<Checkpoint> stored) {
        AttachedSource source = parts.source().attach(parts.settings().name());
        Optional<SlotState> slot = source.slot();
        if (slot.isEmpty()) {
            return;
        }
        SourceMark now = source.identify().mark();
        for (Checkpoint checkpoint : stored) {
            SourceMark known = checkpoint.source();
            if (known.systemId().equals(now.systemId()) && known.isOfOtherPlaceThan(now)) {
                throw new PhilotesException(
                                ErrorCode.SOURCE_REWOUND,
                                "Cannot mark tables: slot " + slot.get().name()
                                        + " is not this pipeline's, which is of " + known.place() + ", not of "
                                        + now.place())
                        .hinting("connect the pipeline to its own database; or drop the slot by hand");
            }
        }
        source.dropSlot();
    }

    private static String key(PipelineParts parts, SinkPart part) {
        return new LaneName(parts.settings().name(), part.name()).storeKey();
    }

    private static Map<SinkPart, Checkpoint> stored(
            PipelineParts parts, CheckpointStores stores, List<SinkPart> sinks) {
        Map<SinkPart, Checkpoint> stored = new LinkedHashMap<>();
        for (SinkPart part : sinks) {
            stores.of(part.name()).load(key(parts, part)).ifPresent(found -> stored.put(part, found));
        }
        if (stored.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.CHECKPOINT_MISSING, "Cannot mark tables: no checkpoint of this pipeline exists");
        }
        return stored;
    }

    private static void requireNoReader(PipelineParts parts) {
        parts.source()
                .attach(parts.settings().name())
                .slot()
                .filter(SlotState::active)
                .ifPresent(slot -> {
                    throw new PhilotesException(
                                    ErrorCode.SLOT_IN_USE,
                                    "Cannot mark tables: slot " + slot.name() + " is active for PID "
                                            + slot.activePid())
                            .hinting("ask the running instance, or stop it first");
                });
    }

    /** Where everything is copied again it does not matter what the source was: the next start takes it as it is. */
    private static Checkpoint ofAnySource(Checkpoint marked) {
        return new Checkpoint(
                marked.pipelineId(), marked.epoch(), SourceMark.UNKNOWN, marked.slot(), Lsn.ZERO, marked.tables());
    }

    /** A higher epoch, so that an instance which runs all the same is fenced instead of writing over the mark. */
    private static Checkpoint marked(Checkpoint stored, List<TableId> wanted) {
        Map<TableId, TableProgress> next = new TreeMap<>(stored.tables());
        wanted.forEach(table -> next.computeIfPresent(table, (t, known) -> known.again()));
        return new Checkpoint(
                stored.pipelineId(), stored.epoch() + 1, stored.source(), stored.slot(), stored.coveredUpTo(), next);
    }

    private static void save(CheckpointStore store, String key, Checkpoint marked) {
        if (store.save(key, marked).epoch() != marked.epoch()) {
            throw new PhilotesException(
                    ErrorCode.FENCED, "Cannot mark tables: an instance of this pipeline started meanwhile");
        }
    }
}
