// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.philotes.error.PhilotesException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads each request through the guard to its handler, and turns what is thrown into problems. Immutable. */
final class Router {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Guard guard;
    private final Answers answers;
    private final RequestTimes times;

    Router(Guard guard, Answers answers, RequestTimes times) {
        this.guard = guard;
        this.answers = answers;
        this.times = times;
    }

    void register(JavalinConfig config, List<Route> routes) {
        for (Route route : routes) {
            config.routes.addHttpHandler(route.method(), route.path(), context -> lead(route, context));
            if (route.method().equals(HandlerType.GET)) {
                config.routes.addHttpHandler(HandlerType.HEAD, route.path(), context -> lead(route, context));
            }
        }
        config.routes.exception(HttpResponseException.class, this::answer);
        config.routes.exception(Exception.class, this::answer);
        config.routes.error(404, this::nothingThere);
    }

    private void lead(Route route, Context context) {
        long began = System.nanoTime();
        try {
            guard.admit(route, context);
            route.handler().handle(context);
            audit(route, context);
        } catch (Exception e) {
            answer(e, context);
        }
        times.answered(
                context.method().name(),
                route.path(),
                context.statusCode(),
                Duration.ofNanos(System.nanoTime() - began));
    }

    private static void audit(Route route, Context context) {
        if (route.isOrder()) {
            String who = Guard.caller(context).map(Caller::name).orElse("nobody");
            LOG.info("{} {} by {}: {}", context.method(), context.path(), who, context.statusCode());
        }
    }

    private void answer(Exception failure, Context context) {
        if (failure instanceof Refusal refusal) {
            answers.problem(context, refusal);
        } else if (failure instanceof PhilotesException known) {
            answers.problem(context, Refusal.of(known, ""));
        } else if (failure instanceof IllegalArgumentException senseless) {
            answers.problem(context, Refusal.of(400, senseless.getMessage()));
        } else if (failure instanceof HttpResponseException http) {
            refused(http, context);
        } else if (failure instanceof EofException) {
            LOG.debug("{} {}: the caller went away", context.method(), context.path());
        } else {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.error("Cannot answer {} {}", context.method(), context.path(), failure);
            answers.problem(
                    context,
                    Refusal.of(500, "a defect in Philotes", "please report it with the stack trace in the log"));
        }
    }

    private void refused(HttpResponseException failure, Context context) {
        if (failure.getStatus() == 405) {
            context.header("Allow", String.join(", ", failure.getDetails().values()));
            answers.problem(context, Refusal.of(405, context.method() + " is not possible here"));
        } else {
            answers.problem(context, Refusal.of(failure.getStatus(), String.valueOf(failure.getMessage())));
        }
    }

    private void nothingThere(Context context) {
        if (!ProblemJson.CONTENT_TYPE.equals(context.res().getContentType())) {
            answers.problem(context, Refusal.of(404, "there is nothing at " + context.path()));
        }
    }
}
