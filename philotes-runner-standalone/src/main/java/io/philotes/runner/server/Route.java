// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.philotes.config.ApiRole;
import java.util.Optional;

/**
 * One operation of the interface. Immutable.
 *
 * @param role what a caller must be, where there are keys; empty for everybody
 */
record Route(HandlerType method, String path, Optional<ApiRole> role, Handler handler) {

    /** Under which everything is but probes and metrics. */
    static final String API = "/api/v1";

    /** Tells everybody. */
    static Route open(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.empty(), handler);
    }

    /** Tells those who may look. */
    static Route look(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.of(ApiRole.VIEWER), handler);
    }

    /** Tells those who may also give orders: it costs the source something, or shows rows. */
    static Route ask(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.of(ApiRole.OPERATOR), handler);
    }

    /** Takes an order. */
    static Route order(String path, Handler handler) {
        return new Route(HandlerType.POST, path, Optional.of(ApiRole.OPERATOR), handler);
    }

    boolean isOrder() {
        return method.equals(HandlerType.POST);
    }
}
