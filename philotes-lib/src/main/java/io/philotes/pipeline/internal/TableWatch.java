// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.Sink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws the conclusions from looks at the source's catalog: tables that are new, gone, no longer published, or changed in a
 * way that the stream does not tell. What a look says may be older than a table's copy, so both carry their times. Owned by
 * the apply thread.
 */
final class TableWatch {

    static final String GONE = "was dropped or renamed at the source";

    static final String SILENT = "its changes stopped coming: dropped and created again, or out of the publication";

    private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);

    /**
     * When a copy was made, by {@link System#nanoTime}.
     *
     * @param publishedNanos its changes were published from here on, at the latest
     * @param askedNanos its snapshot was exported after this
     */
    record CopyTimes(long publishedNanos, long askedNanos) {

        boolean published(Looks.Look look) {
            return look.beganNanos() - publishedNanos >= 0;
        }

        boolean mayMiss(Looks.Look look) {
            return look.endedNanos() - askedNanos >= 0;
        }
    }

    /** What a look said of a table that is being copied: whether it matters is known when it joins. */
    private record Mention(Looks.Look look, String untold) {}

    private final PipelineSettings settings;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;
    private final Lane lane;
    private final long beganNanos = System.nanoTime();
    private final Map<TableId, CopyTimes> copied;
    private final Map<TableId, List<Mention>> mentioned = new HashMap<>();

    TableWatch(Lane lane) {
        this.settings = lane.settings();
        this.sink = lane.sink();
        this.board = lane.board();
        this.checkpoints = lane.checkpoints();
        this.lane = lane;
        this.copied = lane.copied();
    }

    /** Takes what was seen, and stores what came of it: a change that is told once must not be forgotten. */
    void heed() {
        for (Looks.Look look = lane.looks().next();
                look != null;
                look = lane.looks().next()) {
            heed(look);
            lane.looks().done();
        }
    }

    private void heed(Looks.Look look) {
        Map<TableId, ?> before = board.snapshot();
        look.untold().forEach((table, what) -> untold(look, table, what));
        // However old it is: changes that were missing do not come when somebody puts the table back.
        look.unpublished().forEach(table -> unpublished(look, table));
        if (look.beganNanos() - beganNanos >= 0) {
            look.present().ifPresent(present -> compare(look, present));
        }
        if (!before.equals(board.snapshot())) {
            checkpoints.advance(checkpoints.current().coveredUpTo(), board);
        }
    }

    private void compare(Looks.Look look, Set<TableId> present) {
        board.tables().stream().filter(table -> !present.contains(table)).forEach(table -> gone(look, table));
        present.stream().filter(table -> !board.tables().contains(table)).forEach(this::appeared);
        Set<TableId> due = lane.auto().due(board, present, settings.clock().instant());
        due.forEach(table ->
                lane.wishes().add(table, "by itself: " + board.progress(table).reason()));
    }

    private void untold(Looks.Look look, TableId table, String what) {
        switch (board.progress(table).state()) {
            case STREAMING -> {
                if (mayMiss(look, table)) {
                    board.diverged(table, what);
                }
            }
            // It goes on from its place later, and nothing there tells of it.
            case HELD -> giveUp(table, what);
            case COPYING -> mention(look, table, what);
            case PENDING, DIVERGED, NEEDS_RESYNC -> {}
        }
    }

    private boolean mayMiss(Looks.Look look, TableId table) {
        CopyTimes times = copied.get(table);
        return times == null || times.mayMiss(look);
    }

    /** Such a table looks as if nothing happened to it, and everything may have. */
    private void unpublished(Looks.Look look, TableId table) {
        TableState state = board.progress(table).state();
        if (state == TableState.COPYING) {
            mention(look, table, null);
        } else if (state.isLoaded() && isNewerThanItsCopy(look, table)) {
            giveUp(table, SILENT);
        }
    }

    private void gone(Looks.Look look, TableId table) {
        if (board.progress(table).state().isLoaded() && isNewerThanItsCopy(look, table)) {
            giveUp(table, GONE);
        }
    }

    private boolean isNewerThanItsCopy(Looks.Look look, TableId table) {
        CopyTimes times = copied.get(table);
        return times == null || times.published(look);
    }

    private void appeared(TableId table) {
        LOG.info("Pipeline {}, table {}: is new at the source, and is copied", lane.name(), table);
        board.admit(table);
        lane.wishes().add(table, "new at the source");
    }

    private void mention(Looks.Look look, TableId table, String untold) {
        mentioned.computeIfAbsent(table, t -> new ArrayList<>()).add(new Mention(look, untold));
    }

    private void giveUp(TableId table, String reason) {
        sink.suspend(table);
        board.needsResync(table, reason);
    }

    /** A copy of it begins: what was seen before is in it. */
    void copying(TableId table) {
        mentioned.remove(table);
        copied.remove(table);
    }

    /** Its copy is in the sink: what was seen meanwhile, and may be missing there, counts now. */
    void joined(TableId table, CopyTimes times) {
        copied.put(table, times);
        List<Mention> seen = mentioned.remove(table);
        for (Mention mention : seen == null ? List.<Mention>of() : seen) {
            if (mention.untold() != null) {
                untold(mention.look(), table, mention.untold());
            } else {
                unpublished(mention.look(), table);
            }
        }
    }
}
