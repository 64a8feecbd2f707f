// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.source.postgres.Mask;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.TableRules;
import java.util.Map;

/** Makes sources. */
final class SourceFactory {

    private SourceFactory() {}

    static PostgresSource source(SourceConfig config, PipelineConfig pipeline, StateConfig state) {
        PostgresSourceBuilder builder = server(config)
                .tables(pipeline.tables().stream().map(TableConfig::table).toArray(String[]::new))
                .exclude(pipeline.exclude().toArray(String[]::new));
        pipeline.tables().stream()
                .filter(table -> !rules(table).equals(TableRules.none()))
                .forEach(table -> builder.table(table.id(), rules(table)));
        if (config.streaming()) {
            state.spool().ifPresentOrElse(builder::streaming, builder::streaming);
        }
        return named(builder, config).build();
    }

    /** All that is needed to look at the tables that match a pattern; Philotes' own are none of them. */
    static PostgresSource visitor(SourceConfig config, String pattern) {
        return server(config).tables(pattern).exclude("philotes.*").build();
    }

    /** All that is needed to look at the server, slot and publication included. */
    static PostgresSource server(SourceConfig config, String pattern) {
        return named(server(config).tables(pattern), config).build();
    }

    private static PostgresSourceBuilder named(PostgresSourceBuilder builder, SourceConfig config) {
        config.slot().name().ifPresent(builder::slot);
        if (config.slot().failover()) {
            builder.failoverSlot();
        }
        if (config.publication().manage()) {
            config.publication().name().ifPresent(builder::publication);
        } else {
            builder.existingPublication(config.publication().name().orElseThrow());
        }
        return builder;
    }

    private static PostgresSourceBuilder server(SourceConfig config) {
        PostgresSourceBuilder builder = PostgresSource.builder(config.url())
                .credentials(
                        config.username(),
                        () -> config.password().map(Secret::value).orElse(""))
                .sslMode(config.ssl().mode())
                .connectTimeout(config.connectTimeout());
        config.socket().ifPresent(builder::socket);
        config.ssl().rootCert().ifPresent(builder::sslRootCert);
        return builder;
    }

    private static TableRules rules(TableConfig table) {
        TableRules rules = TableRules.none().exclude(table.columns().exclude().toArray(String[]::new));
        for (Map.Entry<String, Mask> mask : table.columns().mask().entrySet()) {
            rules = rules.mask(mask.getKey(), mask.getValue());
        }
        return table.where().map(rules::where).orElse(rules);
    }
}
