// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import java.time.Duration;

/** Where the server counts what it answered. Thread-safe. */
@FunctionalInterface
public interface RequestTimes {

    /** @param route the path with its parameters' names, so that there are few */
    void answered(String method, String route, int status, Duration took);
}
