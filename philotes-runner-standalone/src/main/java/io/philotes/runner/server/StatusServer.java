// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Answers {@code /health/live}, {@code /health/ready}, {@code /metrics} and {@code /api/v1/pipelines}. Without sign-in, so it
 * must listen on this machine's own address. Thread-safe.
 */
public final class StatusServer implements AutoCloseable {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final Set<PipelineState> READY =
            Set.of(PipelineState.COPYING, PipelineState.RUNNING, PipelineState.STANDBY, PipelineState.PAUSED);

    private final List<String> names;
    private final RunningPipelines pipelines;
    private final Supplier<String> metrics;
    private final Answers answers = new Answers();
    private final Javalin server;

    private StatusServer(List<String> names, RunningPipelines pipelines, Supplier<String> metrics) {
        this.names = List.copyOf(names);
        this.pipelines = pipelines;
        this.metrics = metrics;
        this.server = Javalin.create(this::configure);
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @param names the pipelines that must run before the process is ready
     * @param pipelines what runs
     * @param metrics gives the metrics in Prometheus' text form
     * @throws PhilotesException INVALID_CONFIGURATION when the port is taken
     */
    public static StatusServer start(
            String address, int port, List<String> names, RunningPipelines pipelines, Supplier<String> metrics) {
        StatusServer server = new StatusServer(names, pipelines, metrics);
        try {
            server.server.start(address, port);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "Cannot listen on " + address + ":" + port + ": " + e.getMessage(),
                            e)
                    .hinting("choose another server.port, or run with --no-server");
        }
    }

    public int port() {
        return server.port();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.routes.get("/health/live", context -> answers.send(context, 200, Map.of("status", "up")));
        config.routes.get("/health/ready", this::ready);
        config.routes.get("/metrics", context -> context.contentType(PROMETHEUS).result(metrics.get()));
        config.routes.get("/api/v1/pipelines", this::list);
        config.routes.get("/api/v1/pipelines/{id}/status", this::status);
        config.routes.post("/api/v1/pipelines/{id}/resync", new ResyncRoute(pipelines, answers)::handle);
        new LetterRoutes(pipelines, answers).register(config);
        VerifyRoute verify = new VerifyRoute(pipelines, answers);
        config.routes.post("/api/v1/pipelines/{id}/verify", verify::begin);
        config.routes.get("/api/v1/pipelines/{id}/verify/{run}", verify::result);
        config.routes.error(404, this::notFound);
    }

    private void ready(Context context) {
        Map<String, String> states = new LinkedHashMap<>();
        names.forEach(name -> states.put(name, PipelineState.CREATED.name()));
        Set<String> notReady = new HashSet<>(names);
        for (PipelineStatus status : pipelines.statuses()) {
            states.put(status.pipeline(), status.state().name() + (status.stalled() ? " (stalled)" : ""));
            if (READY.contains(status.state()) && !status.stalled()) {
                notReady.remove(status.pipeline());
            }
        }
        boolean ready = notReady.isEmpty();
        answers.send(context, ready ? 200 : 503, Map.of("status", ready ? "up" : "down", "pipelines", states));
    }

    private void list(Context context) {
        List<StatusJson> items = pipelines.statuses().stream().map(this::json).toList();
        answers.send(context, 200, Map.of("items", items));
    }

    private void status(Context context) {
        answers.status(pipelines, context).ifPresent(status -> answers.send(context, 200, json(status)));
    }

    private StatusJson json(PipelineStatus status) {
        return StatusJson.of(status, pipelines.copies(status.pipeline()));
    }

    private void notFound(Context context) {
        if (!ProblemJson.CONTENT_TYPE.equals(context.res().getContentType())) {
            answers.problem(context, 404, "Not Found", "there is nothing at " + context.path());
        }
    }

    /** Stops listening. Idempotent. */
    @Override
    public void close() {
        server.stop();
    }
}
