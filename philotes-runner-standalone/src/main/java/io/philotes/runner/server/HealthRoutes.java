// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /health} and {@code /metrics}: for those who watch the process. Thread-safe. */
final class HealthRoutes {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final Set<PipelineState> READY =
            Set.of(PipelineState.COPYING, PipelineState.RUNNING, PipelineState.STANDBY, PipelineState.PAUSED);

    /** One pipeline. */
    record PipelineHealth(
            String status,
            String state,
            String desiredState,
            boolean stalled,
            long lagMillis,
            long lagBytes,
            StatusJson.Failure failure) {}

    private final RunningPipelines pipelines;
    private final Orders orders;
    private final Supplier<String> metrics;
    private final Answers answers;

    HealthRoutes(RunningPipelines pipelines, Orders orders, Supplier<String> metrics, Answers answers) {
        this.pipelines = pipelines;
        this.orders = orders;
        this.metrics = metrics;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.open("/health/live", context -> answers.send(context, 200, Map.of("status", "up"))),
                Route.open("/health/ready", this::ready),
                Route.look("/health", this::details),
                Route.look(
                        "/metrics", context -> context.contentType(PROMETHEUS).result(metrics.get())));
    }

    /** Whoever has no key learns no names. */
    private void ready(Context context) {
        boolean ready = isReady();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", word(ready));
        if (Guard.caller(context).isPresent()) {
            Map<String, String> states = new LinkedHashMap<>();
            pipelines
                    .statuses()
                    .forEach(status -> states.put(
                            status.pipeline(), status.state().name() + (status.stalled() ? " (stalled)" : "")));
            body.put("pipelines", states);
        }
        answers.send(context, ready ? 200 : 503, body);
    }

    private void details(Context context) {
        boolean ready = isReady();
        Map<String, PipelineHealth> each = new LinkedHashMap<>();
        pipelines.statuses().forEach(status -> each.put(status.pipeline(), health(status)));
        answers.send(context, ready ? 200 : 503, Map.of("status", word(ready), "pipelines", each));
    }

    private PipelineHealth health(PipelineStatus status) {
        return new PipelineHealth(
                word(isReady(status)),
                status.state().name(),
                orders.desired(status.pipeline()).name(),
                status.stalled(),
                status.lagTime().toMillis(),
                status.lagBytes(),
                status.failure().map(StatusJson.Failure::of).orElse(null));
    }

    private boolean isReady() {
        return pipelines.statuses().stream().allMatch(this::isReady);
    }

    /** One that was told to stop is as it should be. */
    private boolean isReady(PipelineStatus status) {
        boolean atRest =
                status.state() == PipelineState.STOPPED && orders.desired(status.pipeline()) == PipelineState.STOPPED;
        return atRest || READY.contains(status.state()) && !status.stalled();
    }

    private static String word(boolean ready) {
        return ready ? "up" : "down";
    }
}
