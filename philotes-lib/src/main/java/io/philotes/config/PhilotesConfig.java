// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The whole configuration, the root of the tree. Immutable; {@link #toString} shows no secret.
 *
 * @param version the layout's version, {@value #VERSION}
 * @param sources databases that pipelines name; default none
 * @param destinations lakes that pipelines name; default none
 * @param pipelines what runs, by name, in the file's order
 * @param state where progress and buffered changes are kept
 * @param server the HTTP server
 * @param logging what is logged
 */
public record PhilotesConfig(
        @Required Integer version,
        Map<String, SourceConfig> sources,
        Map<String, DestinationConfig> destinations,
        @Required Map<String, PipelineConfig> pipelines,
        StateConfig state,
        ServerConfig server,
        LoggingConfig logging) {

    /** The only layout there is. */
    public static final int VERSION = 1;

    public PhilotesConfig {
        if (version != VERSION) {
            throw new IllegalArgumentException("version must be " + VERSION + ", not " + version);
        }
        sources = ordered(sources);
        destinations = ordered(destinations);
        pipelines = ordered(pipelines);
        state = state == null ? new StateConfig(null, null) : state;
        server = server == null ? new ServerConfig(null, null, null) : server;
        logging = logging == null ? new LoggingConfig(null, null) : logging;
    }

    private static <T> Map<String, T> ordered(Map<String, T> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
