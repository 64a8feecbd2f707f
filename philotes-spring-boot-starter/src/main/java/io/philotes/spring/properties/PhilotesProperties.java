// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.config.DestinationConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.SourceConfig;
import io.philotes.config.StateConfig;
import io.philotes.config.StateType;
import java.util.Map;

/**
 * Everything under {@code philotes}. Immutable.
 *
 * @param enabled whether there is anything at all, default true
 * @param autoStart whether pipelines start with the application, default true
 * @param sources databases that pipelines name; default none
 * @param destinations lakes that pipelines name; default none
 * @param pipelines what runs, by name
 * @param state where progress is kept, default in the lake
 */
public record PhilotesProperties(
        Boolean enabled,
        Boolean autoStart,
        Map<String, SourceConfig> sources,
        Map<String, DestinationConfig> destinations,
        Map<String, PipelineConfig> pipelines,
        StateConfig state) {

    /** All properties begin with it. */
    public static final String PREFIX = "philotes";

    public PhilotesProperties {
        enabled = enabled == null || enabled;
        autoStart = autoStart == null || autoStart;
        sources = sources == null ? Map.of() : sources;
        destinations = destinations == null ? Map.of() : destinations;
        pipelines = pipelines == null ? Map.of() : pipelines;
        state = state == null ? new StateConfig(StateType.LAKE, null) : state;
    }

    /** As the runner's file would say it. */
    public PhilotesConfig config() {
        return new PhilotesConfig(PhilotesConfig.VERSION, sources, destinations, pipelines, state, null, null);
    }
}
