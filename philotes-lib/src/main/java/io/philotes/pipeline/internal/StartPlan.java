// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.Sink;
import io.philotes.sink.TablePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a start would do for each table, by what the checkpoint knows of it. Stateless apart from what it was given. */
final class StartPlan {

    private static final String COPY_AGAIN = "copy again";

    private static final String ONCE_ASKED_FOR = "it must be copied again, once asked for: ";

    private static final String NO_TARGET = "its target is gone, or has another name now";

    private final Sink sink;
    private final Map<TableId, TableProgress> known;

    StartPlan(Sink sink, Map<TableId, TableProgress> known) {
        this.sink = sink;
        this.known = known;
    }

    /**
     * @param plans what the sink would do, which knows no checkpoint
     * @param pictures the configured tables that there are
     * @param missing configured tables that there are not
     */
    List<TablePlan> tables(List<TablePlan> plans, List<TablePicture> pictures, Set<TableId> missing) {
        Map<TableId, TablePicture> present =
                pictures.stream().collect(Collectors.toMap(p -> p.relation().table(), Function.identity()));
        List<TablePlan> all = new ArrayList<>();
        plans.forEach(plan -> all.add(table(plan, present.get(plan.table()))));
        known.keySet().stream()
                .filter(table -> !present.containsKey(table))
                .forEach(table -> all.add(absent(table, missing.contains(table))));
        return all;
    }

    private TablePlan table(TablePlan plan, TablePicture picture) {
        boolean creates = plan.action().equals("create");
        TableProgress progress = known.get(plan.table());
        if (known.isEmpty() || plan.action().equals("refuse") || (creates && progress == null)) {
            return plan;
        }
        if (progress == null) {
            return as(plan, COPY_AGAIN, "it was not among the pipeline's tables");
        }
        if (progress.state().isLoaded()) {
            return creates ? as(plan, "keep", ONCE_ASKED_FOR + NO_TARGET) : loaded(plan, picture, progress);
        }
        boolean waits = progress.state() == TableState.NEEDS_RESYNC
                && !progress.position().equals(Lsn.ZERO);
        if (waits) {
            return as(plan, "keep", ONCE_ASKED_FOR + progress.reason());
        }
        String reason = progress.reason().isEmpty() ? "its copy has not ended" : progress.reason();
        return as(plan, creates ? plan.action() : COPY_AGAIN, reason);
    }

    private TablePlan loaded(TablePlan plan, TablePicture picture, TableProgress progress) {
        return sink.reloadReason(picture)
                .map(reason -> as(plan, COPY_AGAIN, reason))
                .orElseGet(() -> as(plan, "keep", progress.reason()));
    }

    private static TablePlan absent(TableId table, boolean isMissing) {
        TablePlan nothing = new TablePlan(table, "", "", "", List.of(), 0, List.of());
        return isMissing
                ? as(nothing, "keep", "it does not exist at the source")
                : as(nothing, "forget", "it is not configured any more; its target stays as it is");
    }

    private static TablePlan as(TablePlan plan, String action, String reason) {
        List<String> notes = new ArrayList<>(plan.notes());
        if (!reason.isEmpty()) {
            notes.add(0, reason);
        }
        return new TablePlan(
                plan.table(), plan.target(), action, plan.mode(), plan.columns(), plan.indexBytesPerRow(), notes);
    }
}
