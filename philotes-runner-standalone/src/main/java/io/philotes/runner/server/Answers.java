// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import io.philotes.config.internal.Suggestion;
import io.philotes.pipeline.PipelineStatus;
import java.util.List;

/** Writes bodies. Thread-safe. */
final class Answers {

    static final String JSON = "application/json";
    static final String YAML = "application/yaml";

    private final ObjectMapper json = new ObjectMapper();

    void send(Context context, int status, Object body) {
        send(context, status, JSON, body);
    }

    void problem(Context context, Refusal refusal) {
        ProblemJson problem = refusal.problem(context.path());
        send(context, problem.status(), ProblemJson.CONTENT_TYPE, problem);
    }

    /**
     * The pipeline that the path names.
     *
     * @throws Refusal when there is none such
     */
    static PipelineStatus status(RunningPipelines pipelines, Context context) {
        String id = context.pathParam("id");
        List<PipelineStatus> statuses = pipelines.statuses();
        return statuses.stream()
                .filter(status -> status.pipeline().equals(id))
                .findFirst()
                .orElseThrow(() -> notFound(
                        "pipeline",
                        id,
                        statuses.stream().map(PipelineStatus::pipeline).toList()));
    }

    static Refusal notFound(String what, String id, List<String> known) {
        return Refusal.of(404, "no " + what + " is called '" + id + "'" + Suggestion.text(id, known));
    }

    private void send(Context context, int status, String contentType, Object body) {
        try {
            context.status(status).contentType(contentType).result(json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value has no JSON form", e);
        }
    }
}
