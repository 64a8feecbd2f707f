// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /api/v1/pipelines/{id}/verify} begins a comparison, {@code GET …/verify/{run}} tells how far it is. Thread-safe.
 */
final class VerifyRoute {

    private static final Set<String> KEYS = Set.of("tables", "sink", "rounds", "list", "values");

    /** Where to ask for the result; the run is also an operation. */
    record Accepted(String pipeline, long run) {}

    /** How far a comparison is. */
    record Progress(String state, VerifyJson report) {}

    private final RunningPipelines pipelines;
    private final Operations operations;
    private final Answers answers;

    VerifyRoute(RunningPipelines pipelines, Operations operations, Answers answers) {
        this.pipelines = pipelines;
        this.operations = operations;
        this.answers = answers;
    }

    List<Route> routes() {
        String path = PipelineRoutes.ONE + "/verify";
        return List.of(Route.order(path, this::begin), Route.ask(path + "/{run}", this::result));
    }

    private void begin(Context context) {
        PipelineStatus status = Answers.status(pipelines, context);
        VerifyRequest request = request(Body.of(context, KEYS));
        answers.send(context, 202, new Accepted(status.pipeline(), begin(status.pipeline(), request)));
    }

    /** One at a time: each reads a whole source. */
    private synchronized long begin(String pipeline, VerifyRequest request) {
        boolean busy =
                operations.list().stream().anyMatch(other -> other.kind() == OperationKind.VERIFY && !other.isOver());
        if (busy) {
            throw Refusal.of(409, "a comparison is under way; one at a time");
        }
        return operations
                .begin(OperationKind.VERIFY, pipeline, () -> pipelines.verify(pipeline, request))
                .id();
    }

    private static VerifyRequest request(Body body) {
        List<TableId> tables = body.tables();
        int rounds = body.number("rounds", VerifyRequest.DEFAULT_MAX_ROUNDS);
        int listed = body.number("list", VerifyRequest.DEFAULT_MAX_LISTED);
        Optional<String> sink = body.text("sink");
        boolean values = body.flag("values");
        body.requireSense();
        VerifyRequest request = VerifyRequest.of(tables).maxRounds(rounds).maxListed(listed);
        request = sink.isPresent() ? request.sink(sink.get()) : request;
        return values ? request.withAllValues() : request;
    }

    private void result(Context context) {
        String pipeline = Answers.status(pipelines, context).pipeline();
        Operation run = operations
                .find(OperationRoutes.number(context.pathParam("run")))
                .filter(found ->
                        found.kind() == OperationKind.VERIFY && found.pipeline().equals(pipeline))
                .orElseThrow(() -> Refusal.of(404, "there is no such comparison, or it is long ago"));
        run.failure().ifPresent(failure -> {
            throw Refusal.of(failure, "");
        });
        VerifyJson report =
                run.result().map(VerifyReport.class::cast).map(VerifyJson::of).orElse(null);
        answers.send(context, 200, new Progress(run.state(), report));
    }
}
