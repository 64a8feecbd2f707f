// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.letters.LetterDesk;
import io.philotes.runner.letters.LetterQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /api/v1/pipelines/{id}/dead-letters}: the rows that were set aside. Web pages get nothing: what has an Origin is
 * refused, and so is a Host that is not this machine's, under which a page could make a browser ask. Thread-safe.
 */
final class LetterRoutes {

    private static final String BASE = "/api/v1/pipelines/{id}/dead-letters";
    private static final Set<String> PAGING = Set.of("cursor", "limit");
    private static final Set<String> OWN_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int DEFAULT_LIMIT = 100;

    private final RunningPipelines pipelines;
    private final Answers answers;
    private final ObjectMapper json = new ObjectMapper();

    LetterRoutes(RunningPipelines pipelines, Answers answers) {
        this.pipelines = pipelines;
        this.answers = answers;
    }

    void register(JavalinConfig config) {
        config.routes.get(BASE, context -> asked(context, this::list));
        config.routes.get(
                BASE + "/count",
                context -> asked(context, (desk, c) -> answers.send(c, 200, desk.count(filter(c, Set.of())))));
        config.routes.get(BASE + "/export", context -> asked(context, this::export));
        config.routes.get(BASE + "/{letter}", context -> asked(context, this::show));
        config.routes.post(BASE + "/replay", context -> ordered(context, this::replay));
        config.routes.post(BASE + "/purge", context -> ordered(context, this::purge));
    }

    /** What is done with a pipeline's letters. */
    private interface Work {
        void on(LetterDesk desk, Context context);
    }

    private void ordered(Context context, Work work) {
        if (String.valueOf(context.contentType()).startsWith("application/json")) {
            asked(context, work);
        } else {
            answers.problem(context, 415, "Unsupported Media Type", "the body must be application/json");
        }
    }

    private void asked(Context context, Work work) {
        String host = String.valueOf(context.host()).replaceFirst(":[0-9]+$", "");
        if (context.header("Origin") != null || !OWN_HOSTS.contains(host)) {
            answers.problem(context, 403, "Forbidden", "web pages are not answered");
            return;
        }
        answers.status(pipelines, context).ifPresent(status -> {
            try {
                Optional<LetterDesk> desk =
                        pipelines.deadLetters(status.pipeline()).map(LetterDesk::new);
                if (desk.isPresent()) {
                    work.on(desk.get(), context);
                } else {
                    answers.problem(context, 404, "Not Found", "the pipeline has no queue of dead letters");
                }
            } catch (IllegalArgumentException e) {
                answers.problem(context, 400, "Bad Request", e.getMessage());
            } catch (PhilotesException e) {
                int code = e.code() == ErrorCode.NOT_RUNNING ? 409 : 503;
                String title = code == 409 ? "Conflict" : "Service Unavailable";
                answers.problem(context, code, ProblemJson.of(code, title, e, "", context.path()));
            }
        });
    }

    private void list(LetterDesk desk, Context context) {
        String limit = context.queryParam("limit");
        if (limit != null && !limit.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("limit must be a number, not '" + limit + "'");
        }
        int most = limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit);
        answers.send(context, 200, desk.page(filter(context, PAGING), context.queryParam("cursor"), most));
    }

    private static DeadLetterFilter filter(Context context, Set<String> others) {
        Map<String, List<String>> values = new LinkedHashMap<>(context.queryParamMap());
        values.keySet().removeAll(others);
        return LetterQuery.filter(values);
    }

    private void show(LetterDesk desk, Context context) {
        desk.show(context.pathParam("letter"))
                .ifPresentOrElse(
                        shown -> answers.send(context, 200, shown),
                        () -> answers.problem(context, 404, "Not Found", "there is no such dead letter"));
    }

    /** By way of a file, so that the answer has a length: one that breaks off must not look whole. */
    private void export(LetterDesk desk, Context context) {
        DeadLetterFilter filter = filter(context, Set.of());
        try {
            Path file = Files.createTempFile("philotes-letters", ".avro");
            try {
                try (OutputStream out = Files.newOutputStream(file)) {
                    context.header("Philotes-Letters", Long.toString(desk.export(filter, out)));
                }
                context.contentType("avro/binary").header("Content-Length", Long.toString(Files.size(file)));
                Files.copy(file, context.outputStream());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the export, or its reader went away", e);
        }
    }

    private void replay(LetterDesk desk, Context context) {
        answers.send(context, 202, desk.replay(LetterQuery.filter(values(body(context), Set.of()))));
    }

    private void purge(LetterDesk desk, Context context) {
        JsonNode body = body(context);
        DeadLetterFilter filter = LetterQuery.filter(values(body, Set.of("giveUp")));
        long open = desk.openOnes(filter);
        if (open > 0 && !body.path("giveUp").asBoolean(false)) {
            answers.problem(
                    context,
                    409,
                    "Conflict",
                    open
                            + " of these dead letters were never applied: without them the target differs from the source. "
                            + "\"giveUp\": true purges them all the same");
            return;
        }
        boolean all = body.path("giveUp").asBoolean(false);
        answers.send(context, 202, all ? desk.purgeAll(filter) : desk.purgeResolved(filter));
    }

    private JsonNode body(Context context) {
        try {
            JsonNode root = json.readTree(context.body().isBlank() ? "{}" : context.body());
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is no JSON", e);
        }
        throw new IllegalArgumentException("the body must be an object with any of " + LetterQuery.NAMES);
    }

    private static Map<String, List<String>> values(JsonNode body, Set<String> others) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        body.properties().forEach(field -> {
            if (!others.contains(field.getKey())) {
                List<String> texts = new ArrayList<>();
                if (field.getValue().isArray()) {
                    field.getValue().forEach(one -> texts.add(text(field.getKey(), one)));
                } else {
                    texts.add(text(field.getKey(), field.getValue()));
                }
                values.put(field.getKey(), texts);
            }
        });
        return values;
    }

    private static String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + name + "' must be a text");
        }
        return value.textValue();
    }
}
