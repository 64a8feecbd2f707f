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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Notes in the checkpoint of a pipeline that does not run that tables must be copied again. Stateless. */
public final class ResyncMark {

    private ResyncMark() {}

    /** @param tables empty for all */
    public static List<TableId> mark(PipelineParts parts, Collection<TableId> tables) {
        String pipeline = parts.settings().name();
        AttachedSource source = parts.source().attach(pipeline);
        requireNoReader(source);
        CheckpointStore store = parts.requireCheckpoints();
        Checkpoint stored = store.load(pipeline)
                .orElseThrow(() -> new PhilotesException(
                        ErrorCode.CHECKPOINT_MISSING, "Cannot mark tables: no checkpoint of this pipeline exists"));
        List<TableId> wanted = tables.isEmpty() ? List.copyOf(stored.tables().keySet()) : List.copyOf(tables);
        Checkpoint marked = marked(stored, wanted);
        save(store, pipeline, tables.isEmpty() ? ofAnySource(marked) : marked);
        if (tables.isEmpty()) {
            // Nothing is read from it again: what is copied next starts a slot of its own, at any source.
            source.dropSlot();
        }
        return wanted;
    }

    /** Where everything is copied again it does not matter what the source was: the next start takes it as it is. */
    private static Checkpoint ofAnySource(Checkpoint marked) {
        return new Checkpoint(
                marked.pipelineId(), marked.epoch(), SourceMark.UNKNOWN, marked.slot(), Lsn.ZERO, marked.tables());
    }

    private static void requireNoReader(AttachedSource source) {
        source.slot().filter(SlotState::active).ifPresent(slot -> {
            throw new PhilotesException(
                            ErrorCode.SLOT_IN_USE,
                            "Cannot mark tables: slot " + slot.name() + " is active for PID " + slot.activePid())
                    .hinting("ask the running instance, or stop it first");
        });
    }

    /** A higher epoch, so that an instance which runs all the same is fenced instead of writing over the mark. */
    private static Checkpoint marked(Checkpoint stored, List<TableId> wanted) {
        Map<TableId, TableProgress> next = new TreeMap<>(stored.tables());
        for (TableId table : wanted) {
            if (next.replace(table, TableProgress.PENDING) == null) {
                throw new PhilotesException(
                                ErrorCode.TABLE_MISSING, "Cannot mark a table: the pipeline's checkpoint has none such")
                        .inTable(table);
            }
        }
        return new Checkpoint(
                stored.pipelineId(), stored.epoch() + 1, stored.source(), stored.slot(), stored.coveredUpTo(), next);
    }

    private static void save(CheckpointStore store, String pipeline, Checkpoint marked) {
        if (store.save(pipeline, marked).epoch() != marked.epoch()) {
            throw new PhilotesException(
                    ErrorCode.FENCED, "Cannot mark tables: an instance of this pipeline started meanwhile");
        }
    }
}
