// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.ServerConfig;
import java.util.Map;
import java.util.function.Supplier;

/** Starts a server that knows no configuration but where to listen. */
public final class TestServer {

    private TestServer() {}

    /** On this machine, without keys. @param port 0 for any free one */
    public static StatusServer start(int port, RunningPipelines pipelines, Supplier<String> metrics) {
        return start(new ServerConfig(true, null, port), pipelines, metrics);
    }

    public static StatusServer start(ServerConfig server, RunningPipelines pipelines, Supplier<String> metrics) {
        PhilotesConfig config = new PhilotesConfig(PhilotesConfig.VERSION, null, null, Map.of(), null, server, null);
        return StatusServer.start(
                config,
                new StatusServer.Parts(
                        pipelines, metrics, (method, route, status, took) -> {}, new ServerVersions("1", "2")));
    }
}
