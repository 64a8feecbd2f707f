// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.pipeline.PipelineStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code /api/v1/pipelines}: how they stand, and what they are told. Thread-safe. */
final class PipelineRoutes {

    static final String ALL = Route.API + "/pipelines";
    static final String ONE = ALL + "/{id}";

    /** A table in one sink. */
    record TableInSink(String sink, StatusJson.Table table) {}

    private final RunningPipelines pipelines;
    private final Inspections inspections;
    private final Orders orders;
    private final Answers answers;

    PipelineRoutes(RunningPipelines pipelines, Inspections inspections, Orders orders, Answers answers) {
        this.pipelines = pipelines;
        this.inspections = inspections;
        this.orders = orders;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.look(ALL, this::list),
                Route.look(ONE, context -> answers.send(context, 200, shown(one(context), Optional.empty()))),
                Route.look(ONE + "/status", context -> answers.send(context, 200, json(one(context)))),
                Route.look(ONE + "/tables", this::tables),
                Route.look(ONE + "/wal", this::wal),
                Route.ask(ONE + "/plan", this::plan),
                Route.order(ONE + "/check", this::check),
                Route.order(ONE + "/start", context -> begin(context, orders::start)),
                Route.order(ONE + "/stop", context -> begin(context, orders::stop)),
                Route.order(ONE + "/restart", context -> begin(context, orders::restart)),
                Route.order(ONE + "/pause", context -> now(context, orders::pause)),
                Route.order(ONE + "/resume", context -> now(context, orders::resume)));
    }

    private PipelineStatus one(Context context) {
        return Answers.status(pipelines, context);
    }

    private void list(Context context) {
        List<StatusJson> items = pipelines.statuses().stream().map(this::json).toList();
        answers.send(context, 200, Map.of("items", items));
    }

    private StatusJson json(PipelineStatus status) {
        return StatusJson.of(status, pipelines.copies(status.pipeline()));
    }

    private void tables(Context context) {
        List<TableInSink> items = json(one(context)).sinks().stream()
                .flatMap(sink -> sink.tables().stream().map(table -> new TableInSink(sink.name(), table)))
                .toList();
        answers.send(context, 200, Map.of("items", items));
    }

    private void wal(Context context) {
        PipelineStatus status = one(context);
        answers.send(context, 200, inspections.wal(status.pipeline(), status.source()));
    }

    private void plan(Context context) {
        answers.send(context, 200, inspections.plan(one(context).pipeline()));
    }

    private void check(Context context) {
        PipelineStatus status = one(context);
        emptyBody(context);
        answers.send(context, 200, inspections.check(status.pipeline()));
    }

    private void begin(Context context, Function<PipelineStatus, Optional<Operation>> order) {
        PipelineStatus status = one(context);
        emptyBody(context);
        Optional<Operation> operation = order.apply(status);
        PipelineJson shown = shown(one(context), operation);
        if (operation.isPresent()) {
            context.header("Location", shown.operation());
        }
        answers.send(context, 202, shown);
    }

    private void now(Context context, Consumer<PipelineStatus> order) {
        PipelineStatus status = one(context);
        emptyBody(context);
        order.accept(status);
        answers.send(context, 202, shown(one(context), Optional.empty()));
    }

    private static void emptyBody(Context context) {
        Body.of(context, Set.of()).requireSense();
    }

    private PipelineJson shown(PipelineStatus status, Optional<Operation> operation) {
        return PipelineJson.of(status, orders.desired(status.pipeline()), operation.orElse(null));
    }
}
