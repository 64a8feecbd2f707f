// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;
import java.time.Duration;

/**
 * What keeps an idle source's slot moving. Immutable.
 *
 * @param interval how often, default {@link PipelineOptions#DEFAULT_HEARTBEAT_INTERVAL}
 */
public record HeartbeatConfig(Duration interval) {

    public HeartbeatConfig {
        interval = Positive.orDefault("interval", interval, PipelineOptions.DEFAULT_HEARTBEAT_INTERVAL);
    }
}
