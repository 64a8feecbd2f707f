// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import io.philotes.source.TableCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The very first load of a pipeline that has no slot yet: the slot's exported snapshot fills the first sink that wants copies;
 * the others are filled beside the stream, or begin where the slot does. Owned by the session's thread.
 */
final class FirstLoad {

    /** What a crash may make to be copied again. */
    private static final Duration BETWEEN_STORES = Duration.ofSeconds(1);

    private final AttachedSource source;
    private final RunState run;
    private Instant storeAgain = Instant.MIN;

    FirstLoad(AttachedSource source, RunState run) {
        this.source = source;
        this.run = run;
    }

    /** Returns where the slot begins. */
    Lsn load(SourceView view, Map<Lane, Refusals> opened) throws InterruptedException {
        publish(opened);
        // Nothing may be stored as loaded without it; what was looked at before may have had no publication yet.
        run.guard().require(source.identify(), Lsn.ZERO);
        run.lifecycle().moveTo(PipelineState.COPYING);
        Optional<Lane> first = opened.keySet().stream()
                .filter(lane -> lane.sink().wantsCopies())
                .findFirst();
        Set<TableId> wanted =
                first.map(lane -> missing(lane, view, opened.get(lane))).orElse(Set.of());
        // Before there is a slot, which keeps WAL.
        first.ifPresent(lane -> lane.copyMeter().expect(source, wanted));
        try (TableCopy copy = source.createSlot(wanted)) {
            // It may not be the server that was asked before.
            copy.identity().ifPresent(sender -> run.guard().require(sender, Lsn.ZERO));
            for (Map.Entry<Lane, Refusals> entry : opened.entrySet()) {
                Lane lane = entry.getKey();
                Set<TableId> missing = missing(lane, view, entry.getValue());
                if (!lane.sink().wantsCopies()) {
                    fill(lane, BareCopy.of(view.pictures(), missing, copy), missing);
                } else if (first.filter(lane::equals).isEmpty()) {
                    lane.wishes().add(missing, "another sink is filled first");
                }
            }
            if (first.isPresent()) {
                fill(first.get(), copy, wanted);
            }
            return copy.consistentPoint();
        } catch (RuntimeException e) {
            if (FailurePolicy.actionFor(FailurePolicy.classify(e)) == FailurePolicy.Action.FAIL) {
                leaveNothingHalfMade();
            }
            throw e;
        }
    }

    /** A table that must not be published, such as one without a key, waits for the check before its copy. */
    private void publish(Map<Lane, Refusals> opened) {
        Set<TableId> sound = new HashSet<>();
        opened.forEach((lane, refusals) -> lane.board().tables().stream()
                .filter(table -> !refusals.tables().contains(table))
                .forEach(sound::add));
        run.published().begin(source, sound);
    }

    private Set<TableId> missing(Lane lane, SourceView view, Refusals refusals) {
        return new LaneStart(lane, source, run).missing(view, refusals);
    }

    private void fill(Lane lane, TableCopy copy, Set<TableId> missing) throws InterruptedException {
        List<TablePicture> tables = copy.tables().stream()
                .filter(table -> missing.contains(table.relation().table()))
                .toList();
        new CopyCoordinator(CopyContext.of(lane, run), lane.sink()).copy(copy, tables, () -> {
            run.backoff().reset();
            remember(lane);
        });
        store(lane);
        lane.wishes().add(pending(lane, missing), "it was not there when the others were copied");
    }

    /** Of each table, but not for each: with a thousand of them that would be a long checkpoint written a thousand times. */
    private void remember(Lane lane) {
        Instant now = lane.settings().clock().instant();
        if (!now.isBefore(storeAgain)) {
            store(lane);
            storeAgain = now.plus(BETWEEN_STORES);
        }
    }

    private static void store(Lane lane) {
        lane.checkpoints().advance(lane.checkpoints().current().coveredUpTo(), lane.board());
    }

    private static Set<TableId> pending(Lane lane, Set<TableId> tables) {
        return tables.stream()
                .filter(table -> lane.board().progress(table).state() == TableState.PENDING)
                .collect(Collectors.toSet());
    }

    /** A first load that can never end must not leave a slot that keeps WAL for ever; unless a table begins with it. */
    private void leaveNothingHalfMade() {
        if (!run.lanes().anyLoaded()) {
            source.dropSlot();
            run.lanes().forEach(lane -> lane.checkpoints().forgetSource());
        }
    }
}
