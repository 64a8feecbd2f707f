// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import io.philotes.config.internal.Suggestion;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final ObjectMapper json = new ObjectMapper();

    ResyncRoute(RunningPipelines pipelines, Answers answers) {
        this.pipelines = pipelines;
        this.answers = answers;
    }

    void handle(Context context) {
        if (answers.takesOrder(context)) {
            answers.status(pipelines, context).ifPresent(status -> resync(context, status));
        }
    }

    private void resync(Context context, PipelineStatus status) {
        List<TableId> tables;
        try {
            tables = tables(context.body());
        } catch (IllegalArgumentException e) {
            answers.problem(context, 400, "Bad Request", e.getMessage());
            return;
        }
        Map<TableId, Long> before = pipelines.copies(status.pipeline());
        try {
            pipelines.resync(status.pipeline(), tables);
            List<TableId> asked = tables.isEmpty()
                    ? status.tables().stream()
                            .map(TableStatus::table)
                            .distinct()
                            .toList()
                    : tables;
            answers.send(
                    context,
                    202,
                    new Accepted(
                            status.pipeline(),
                            asked.stream()
                                    .map(table -> new AcceptedTable(table.toString(), before.getOrDefault(table, 0L)))
                                    .toList()));
        } catch (PhilotesException e) {
            refuse(context, status, e);
        }
    }

    /** Throws IllegalArgumentException for a body that is not {@code {"tables": ["schema.table", …]}}. */
    private List<TableId> tables(String body) {
        JsonNode root;
        try {
            root = json.readTree(body.isBlank() ? "{}" : body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is no JSON", e);
        }
        Optional<String> unknown = Optional.empty();
        for (String name : (Iterable<String>) root::fieldNames) {
            unknown = name.equals("tables") ? unknown : Optional.of(name);
        }
        JsonNode list = root.path("tables");
        if (!root.isObject() || unknown.isPresent() || !(list.isArray() || list.isMissingNode())) {
            throw new IllegalArgumentException("the body must be {\"tables\": [\"schema.table\", …]}"
                    + unknown.map(name -> ", without '" + name + "'").orElse(""));
        }
        List<TableId> tables = new ArrayList<>();
        list.forEach(name -> tables.add(TableId.parse(name.isTextual() ? name.textValue() : "")));
        return tables;
    }

    private void refuse(Context context, PipelineStatus status, PhilotesException failure) {
        boolean unknown = failure.code() == ErrorCode.TABLE_MISSING;
        List<String> names =
                status.tables().stream().map(table -> table.table().toString()).toList();
        String guess = unknown
                ? failure.table()
                        .map(table -> Suggestion.text(table.toString(), names))
                        .orElse("")
                : "";
        int code = unknown ? 404 : failure.code() == ErrorCode.NOT_RUNNING ? 409 : 503;
        String title = code == 404 ? "Not Found" : code == 409 ? "Conflict" : "Service Unavailable";
        answers.problem(context, code, ProblemJson.of(code, title, failure, guess, context.path()));
    }
}
