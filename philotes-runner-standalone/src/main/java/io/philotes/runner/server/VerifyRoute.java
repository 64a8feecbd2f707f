// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /api/v1/pipelines/{id}/verify} begins a comparison, {@code GET …/verify/{run}} tells how far it is. Thread-safe.
 */
final class VerifyRoute {

    private static final Set<String> KEYS = Set.of("tables", "sink", "rounds", "list", "values");

    /** Where to ask for the result. */
    record Accepted(String pipeline, long run) {}

    /** How far a comparison is. */
    record Progress(String state, VerifyJson report) {}

    private final RunningPipelines pipelines;
    private final Answers answers;
    private final VerifyRuns runs = new VerifyRuns();
    private final ObjectMapper json = new ObjectMapper();

    VerifyRoute(RunningPipelines pipelines, Answers answers) {
        this.pipelines = pipelines;
        this.answers = answers;
    }

    void begin(Context context) {
        if (answers.takesOrder(context)) {
            answers.status(pipelines, context).ifPresent(status -> begin(context, status));
        }
    }

    private void begin(Context context, PipelineStatus status) {
        VerifyRequest request;
        try {
            request = request(context.body());
        } catch (IllegalArgumentException e) {
            answers.problem(context, 400, "Bad Request", e.getMessage());
            return;
        }
        Optional<Long> run = runs.begin(status.pipeline(), () -> pipelines.verify(status.pipeline(), request));
        if (run.isPresent()) {
            answers.send(context, 202, new Accepted(status.pipeline(), run.get()));
        } else {
            answers.problem(context, 409, "Conflict", "a comparison is under way; one at a time");
        }
    }

    private VerifyRequest request(String body) {
        JsonNode root;
        try {
            root = json.readTree(body.isBlank() ? "{}" : body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is no JSON", e);
        }
        boolean known = root.isObject();
        for (String name : (Iterable<String>) root::fieldNames) {
            known &= KEYS.contains(name);
        }
        if (!known) {
            throw new IllegalArgumentException("the body must be an object with no other keys than " + KEYS);
        }
        List<TableId> tables = new ArrayList<>();
        root.path("tables").forEach(name -> tables.add(TableId.parse(name.isTextual() ? name.textValue() : "")));
        VerifyRequest request = VerifyRequest.of(tables)
                .maxRounds(root.path("rounds").asInt(VerifyRequest.DEFAULT_MAX_ROUNDS))
                .maxListed(root.path("list").asInt(VerifyRequest.DEFAULT_MAX_LISTED));
        if (root.hasNonNull("sink")) {
            request = request.sink(root.path("sink").asText());
        }
        return root.path("values").asBoolean() ? request.withAllValues() : request;
    }

    void result(Context context) {
        answers.status(pipelines, context).ifPresent(status -> result(context, status));
    }

    private void result(Context context, PipelineStatus status) {
        Optional<VerifyRuns.Run> run = runs.find(status.pipeline(), number(context.pathParam("run")));
        if (run.isEmpty()) {
            answers.problem(context, 404, "Not Found", "there is no such comparison, or it is long ago");
        } else if (run.get().failure().isPresent()) {
            refuse(context, run.get().failure().get());
        } else {
            answers.send(
                    context,
                    200,
                    new Progress(
                            run.get().isOver() ? "DONE" : "RUNNING",
                            run.get().report().map(VerifyJson::of).orElse(null)));
        }
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    private void refuse(Context context, PhilotesException failure) {
        int code = switch (failure.code()) {
            case TABLE_MISSING -> 404;
            case NOT_RUNNING -> 409;
            default -> 503;
        };
        String title = Map.of(404, "Not Found", 409, "Conflict", 503, "Service Unavailable")
                .get(code);
        answers.problem(context, code, ProblemJson.of(code, title, failure, "", context.path()));
    }
}
