// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;

/** Makes sources. */
final class SourceFactory {

    private SourceFactory() {}

    static PostgresSource source(SourceConfig config, PipelineConfig pipeline) {
        PostgresSourceBuilder builder = PostgresSource.builder(config.url())
                .credentials(
                        config.username(), config.password().map(Secret::value).orElse(""))
                .tables(pipeline.tables().stream().map(TableConfig::table).toArray(String[]::new))
                .sslMode(config.ssl().mode())
                .connectTimeout(config.connectTimeout());
        config.ssl().rootCert().ifPresent(builder::sslRootCert);
        config.slot().name().ifPresent(builder::slot);
        if (config.publication().manage()) {
            config.publication().name().ifPresent(builder::publication);
        } else {
            builder.existingPublication(config.publication().name().orElseThrow());
        }
        return builder.build();
    }
}
