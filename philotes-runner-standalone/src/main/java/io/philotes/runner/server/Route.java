// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.philotes.config.ApiRole;
import java.util.List;
import java.util.Optional;

/**
 * One operation of the interface. Immutable.
 *
 * @param role what a caller must be, where there are keys; empty for everybody
 * @param bodies of which types its body may be; none where it has none. Never one that a web page may send unasked
 */
record Route(HandlerType method, String path, Optional<ApiRole> role, List<String> bodies, Handler handler) {

    /** Under which everything is but probes and metrics. */
    static final String API = "/api/v1";

    /** Tells everybody. */
    static Route open(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.empty(), List.of(), handler);
    }

    /** Tells those who may look. */
    static Route look(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.of(ApiRole.VIEWER), List.of(), handler);
    }

    /** Tells those who may also give orders: it costs the source something, or shows rows. */
    static Route ask(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.of(ApiRole.OPERATOR), List.of(), handler);
    }

    /** Takes an order. */
    static Route order(String path, Handler handler) {
        return new Route(HandlerType.POST, path, Optional.of(ApiRole.OPERATOR), List.of(Answers.JSON), handler);
    }

    /** Takes a text that is looked at, written as the configuration or as JSON. */
    static Route text(String path, Handler handler) {
        return new Route(
                HandlerType.POST, path, Optional.of(ApiRole.OPERATOR), List.of(Answers.JSON, Answers.YAML), handler);
    }

    /** Whether a body of that type may come. @param type null where the caller does not say */
    boolean takes(String type) {
        return bodies.isEmpty() || type != null && bodies.stream().anyMatch(type::startsWith);
    }

    boolean isOrder() {
        return method.equals(HandlerType.POST);
    }
}
