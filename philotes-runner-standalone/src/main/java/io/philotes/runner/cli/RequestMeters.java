// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.philotes.runner.server.RequestTimes;
import java.time.Duration;

/** Times the server's answers, by route. Thread-safe. */
final class RequestMeters implements RequestTimes {

    private final MeterRegistry registry;

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(String method, String route, int status, Duration took) {
        Timer.builder("philotes.api.requests")
                .description("Requests that the server answered")
                .tags("method", method, "route", route, "status", Integer.toString(status))
                .register(registry)
                .record(took);
    }
}
