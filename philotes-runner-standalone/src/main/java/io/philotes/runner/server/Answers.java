// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import io.philotes.config.internal.Suggestion;
import io.philotes.pipeline.PipelineStatus;
import java.util.List;
import java.util.Optional;

/** Writes bodies. Thread-safe. */
final class Answers {

    static final String JSON = "application/json";

    private final ObjectMapper json = new ObjectMapper();

    void send(Context context, int status, Object body) {
        send(context, status, JSON, body);
    }

    void problem(Context context, int status, String title, String detail) {
        problem(context, status, ProblemJson.of(status, title, detail, context.path()));
    }

    void problem(Context context, int status, ProblemJson problem) {
        send(context, status, ProblemJson.CONTENT_TYPE, problem);
    }

    /**
     * Whether an order may be taken. Not from web pages, which may send here from any browser on this machine: what has an
     * Origin, or is not JSON, is refused, and a problem was sent.
     */
    boolean takesOrder(Context context) {
        if (context.header("Origin") != null) {
            problem(context, 403, "Forbidden", "orders from web pages are not taken");
            return false;
        }
        if (!String.valueOf(context.contentType()).startsWith("application/json")) {
            problem(context, 415, "Unsupported Media Type", "the body must be application/json");
            return false;
        }
        return true;
    }

    /** The pipeline that the path names; empty when a problem was sent, for there is none such. */
    Optional<PipelineStatus> status(RunningPipelines pipelines, Context context) {
        String id = context.pathParam("id");
        List<PipelineStatus> statuses = pipelines.statuses();
        Optional<PipelineStatus> found =
                statuses.stream().filter(status -> status.pipeline().equals(id)).findFirst();
        if (found.isEmpty()) {
            List<String> names = statuses.stream().map(PipelineStatus::pipeline).toList();
            problem(context, 404, "Not Found", "no pipeline is called '" + id + "'" + Suggestion.text(id, names));
        }
        return found;
    }

    private void send(Context context, int status, String contentType, Object body) {
        try {
            context.status(status).contentType(contentType).result(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value has no JSON form", e);
        }
    }
}
