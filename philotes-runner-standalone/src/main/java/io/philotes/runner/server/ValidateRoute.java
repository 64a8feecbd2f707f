// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.config.PhilotesConfig;
import io.philotes.runner.yaml.SentText;
import java.util.List;
import java.util.concurrent.Semaphore;

/** {@code POST /api/v1/pipelines/validate}: reads a configuration that nobody runs, and connects to nothing. Thread-safe. */
final class ValidateRoute {

    private static final String PATH = PipelineRoutes.ALL + "/validate";

    /** What a pipeline is called that is sent without a name. */
    private static final String UNNAMED = "new";

    private static final int AT_ONCE = 2;

    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final PhilotesConfig running;
    private final Answers answers;

    ValidateRoute(PhilotesConfig running, Answers answers) {
        this.running = running;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(Route.text(PATH, this::validate));
    }

    private void validate(Context context) {
        if (!turns.tryAcquire()) {
            throw Refusal.of(503, "as many configurations as may be are being validated", "try again later");
        }
        try {
            validateAtOnce(context);
        } finally {
            turns.release();
        }
    }

    private void validateAtOnce(Context context) {
        String name = context.queryParam("name");
        boolean isYaml = String.valueOf(context.contentType()).startsWith(Answers.YAML);
        SentText sent = isYaml ? SentText.yaml(context.body()) : SentText.json(context.body());
        answers.send(
                context,
                200,
                sent.isPipeline()
                        ? ValidationJson.of("pipeline", sent.pipeline(name == null ? UNNAMED : name, running))
                        : ValidationJson.of("configuration", sent.configuration()));
    }
}
