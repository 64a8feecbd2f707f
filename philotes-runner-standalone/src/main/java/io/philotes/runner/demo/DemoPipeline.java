// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.CommitConfig;
import io.philotes.config.DestinationConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.config.Ref;
import io.philotes.config.Secret;
import io.philotes.config.SourceConfig;
import io.philotes.config.SslConfig;
import io.philotes.config.StateConfig;
import io.philotes.config.TableConfig;
import io.philotes.config.TableDefaults;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The demo's pipeline, made from a configuration as any other is. Owned by one thread; only {@link #close} by any. */
final class DemoPipeline implements AutoCloseable {

    static final String NAMESPACE = "shop";

    private static final String NAME = "demo";
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(1);

    private final PipelineFactory factory;
    private final DemoCounters counters;
    private volatile Pipeline pipeline;

    DemoPipeline(DemoPostgres postgres, DemoOptions options, DemoCounters counters) {
        this.factory = new PipelineFactory(config(postgres, options));
        this.counters = counters;
    }

    private static PhilotesConfig config(DemoPostgres postgres, DemoOptions options) {
        SourceConfig source = new SourceConfig(
                null,
                postgres.url(),
                null,
                DemoPostgres.USER,
                Optional.of(Secret.of(DemoPostgres.PASSWORD)),
                new SslConfig(SslMode.DISABLE, null),
                null,
                null,
                null,
                null,
                null,
                null);
        CatalogConfig catalog =
                new CatalogConfig(CatalogType.LOCAL, null, lake(options).toString(), null, null, null, null, null);
        DestinationConfig lake = new DestinationConfig(null, catalog, new TableDefaults(options.formatVersion(), null));
        List<TableConfig> tables =
                Shop.TABLES.stream().map(t -> TableConfig.of("public." + t)).toList();
        PipelineConfig pipeline = new PipelineConfig(
                null,
                Ref.inline(source),
                Ref.inline(lake),
                null,
                Optional.of(NAMESPACE),
                null,
                new CommitConfig(Duration.ofSeconds(1), null),
                tables,
                null,
                null,
                null,
                null);
        StateConfig state = new StateConfig(null, options.directory().resolve("state"));
        return new PhilotesConfig(PhilotesConfig.VERSION, null, null, Map.of(NAME, pipeline), state, null, null);
    }

    static Path lake(DemoOptions options) {
        return options.directory().resolve("lake").toAbsolutePath().normalize();
    }

    void start() {
        pipeline = factory.builder(NAME).metrics(counters).listener(counters).start();
    }

    /** Ends the pipeline in order and begins a new one from what it left behind. */
    void restart() {
        pipeline.close();
        start();
    }

    PipelineStatus status() {
        return pipeline.status();
    }

    void catchUp() throws InterruptedException {
        pipeline.runUntilCaughtUp(CATCH_UP_LIMIT);
    }

    @Override
    public void close() {
        if (pipeline != null) {
            pipeline.close();
        }
        factory.close();
    }
}
