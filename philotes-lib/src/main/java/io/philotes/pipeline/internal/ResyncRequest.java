// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.AttachedSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Passes a wish for copies on to the sinks that it concerns. Thread-safe. */
final class ResyncRequest {

    private static final String ASKED_FOR = "asked for";

    private final AttachedSource source;
    private final RunState run;

    ResyncRequest(AttachedSource source, RunState run) {
        this.source = source;
        this.run = run;
    }

    /** In every sink. */
    void make(Collection<TableId> tables) {
        make(run.lanes().stream().toList(), tables);
    }

    /** In one sink. */
    void make(String sink, Collection<TableId> tables) {
        Lane lane = run.lanes()
                .named(sink)
                .orElseThrow(() -> new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot copy tables again: the pipeline has no sink '" + sink + "'"));
        make(List.of(lane), tables);
    }

    private void make(List<Lane> lanes, Collection<TableId> tables) {
        if (run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot copy tables again: the pipeline is at its end");
        }
        requireOwnTurn();
        if (tables.isEmpty()) {
            lanes.forEach(lane -> lane.wishes().addAll(ASKED_FOR));
            return;
        }
        requireKnown(lanes, tables);
        lanes.forEach(lane -> lane.wishes().add(tables, ASKED_FOR));
    }

    /** In standby the wish would wait for as long as another instance works, and copy what nobody wants any more. */
    private void requireOwnTurn() {
        if (run.lifecycle().state() == PipelineState.STANDBY) {
            throw new PhilotesException(
                            ErrorCode.NOT_RUNNING,
                            "Cannot copy tables again: the pipeline is in standby, and another instance has its slot or buffer")
                    .hinting("ask that instance; or ask again when this one has taken over");
        }
    }

    /** Before its first session the pipeline knows no table yet, so the source is asked. */
    private void requireKnown(List<Lane> lanes, Collection<TableId> tables) {
        Set<TableId> unknown = new TreeSet<>(tables);
        lanes.forEach(lane -> unknown.removeAll(lane.board().tables()));
        if (!unknown.isEmpty()) {
            source.tables().forEach(picture -> unknown.remove(picture.relation().table()));
        }
        for (TableId table : unknown) {
            throw new PhilotesException(
                            ErrorCode.TABLE_MISSING, "Cannot copy a table again: it is not one of this pipeline")
                    .inTable(table);
        }
    }
}
