// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.config.internal.Suggestion;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code POST /api/v1/pipelines/{id}/resync}: tables are copied again. Thread-safe.
 */
final class ResyncRoute {

    /** What becomes of a table: {@code copies} rises when its copy has ended. */
    record Accepted(String pipeline, List<AcceptedTable> tables) {}

    /** One table. */
    record AcceptedTable(String table, long copies) {}

    private final RunningPipelines pipelines;
    private final Answers answers;

    ResyncRoute(RunningPipelines pipelines, Answers answers) {
        this.pipelines = pipelines;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(Route.order(PipelineRoutes.ONE + "/resync", this::resync));
    }

    private void resync(Context context) {
        PipelineStatus status = Answers.status(pipelines, context);
        Body body = Body.of(context, Set.of("tables"));
        List<TableId> tables = body.tables();
        body.requireSense();
        List<TableId> asked = tables.isEmpty() ? all(status) : tables;
        Map<TableId, Long> before = pipelines.copies(status.pipeline());
        order(status, tables);
        answers.send(
                context,
                202,
                new Accepted(
                        status.pipeline(),
                        asked.stream()
                                .map(table -> new AcceptedTable(table.toString(), before.getOrDefault(table, 0L)))
                                .toList()));
    }

    /** Whoever is told of no table has nothing to wait for, and would take that for the end of it. */
    private static List<TableId> all(PipelineStatus status) {
        List<TableId> known =
                status.tables().stream().map(TableStatus::table).distinct().toList();
        if (known.isEmpty() && !status.state().isFinal()) {
            throw Refusal.of(
                    409,
                    "cannot copy all tables of " + status.pipeline() + ": it is " + status.state()
                            + " and knows none yet",
                    status.state() == PipelineState.STANDBY
                            ? "ask the instance that works"
                            : "wait until it is RUNNING, or name the tables");
        }
        return known;
    }

    private void order(PipelineStatus status, List<TableId> tables) {
        try {
            pipelines.resync(status.pipeline(), tables);
        } catch (PhilotesException e) {
            throw Refusal.of(e, e.code() == ErrorCode.TABLE_MISSING ? guess(status, e) : "");
        }
    }

    private static String guess(PipelineStatus status, PhilotesException failure) {
        List<String> names =
                status.tables().stream().map(table -> table.table().toString()).toList();
        return failure.table()
                .map(table -> Suggestion.text(table.toString(), names))
                .orElse("");
    }
}
