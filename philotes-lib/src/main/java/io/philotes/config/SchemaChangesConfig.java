// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;
import io.philotes.pipeline.ResyncPolicy;
import java.time.Duration;

/**
 * What is done about changes at the source that the stream does not tell. Immutable.
 *
 * @param resync whether a table that must be copied again is copied by itself, default {@link ResyncPolicy#MANUAL}
 * @param lookInterval how often the source's catalog is looked at, default
 *     {@link PipelineOptions#DEFAULT_SCHEMA_LOOK_INTERVAL}
 */
public record SchemaChangesConfig(ResyncPolicy resync, Duration lookInterval) {

    public SchemaChangesConfig {
        resync = resync == null ? ResyncPolicy.MANUAL : resync;
        lookInterval = Positive.orDefault("look-interval", lookInterval, PipelineOptions.DEFAULT_SCHEMA_LOOK_INTERVAL);
    }
}
