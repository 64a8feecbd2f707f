// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/operations}: how far long orders are. Thread-safe. */
final class OperationRoutes {

    static final String BASE = Route.API + "/operations";

    private final Operations operations;
    private final Answers answers;

    OperationRoutes(Operations operations, Answers answers) {
        this.operations = operations;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(Route.look(BASE, this::list), Route.look(BASE + "/{operation}", this::show));
    }

    private void list(Context context) {
        answers.send(
                context,
                200,
                Map.of(
                        "items",
                        operations.list().stream().map(OperationJson::of).toList()));
    }

    private void show(Context context) {
        String id = context.pathParam("operation");
        answers.send(
                context,
                200,
                operations
                        .find(number(id))
                        .map(OperationJson::of)
                        .orElseThrow(() -> Refusal.of(404, "there is no operation '" + id + "', or it is long ago")));
    }

    /** -1 for what is none. */
    static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }
}
