// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.philotes.PipelineBuilder;
import io.philotes.config.Discovery;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import io.philotes.metrics.micrometer.PipelineGauges;
import io.philotes.model.TableId;
import io.philotes.pipeline.TableStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.runner.group.CopyProgress;
import io.philotes.runner.group.PipelineGroup;
import io.philotes.runner.server.ServerVersions;
import io.philotes.runner.server.StatusServer;
import io.philotes.runner.terminal.Terminal;
import io.philotes.runner.yaml.EffectiveConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that lives while {@code run} runs: pipelines, catalogs, meters and the server. Owned by one thread. */
final class RunnerProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunnerProcess.class);

    /** A first copy may take days; whoever wants less has a signal. */
    private static final Duration ONCE_LIMIT = Duration.ofDays(365);

    /** For how long one of several pipelines waits for a source or a lake that is away; the others run meanwhile. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(10);

    private final PhilotesConfig config;
    private final List<String> names;
    private final PipelineFactory factory;
    private final PipelineGroup group;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private OnSignal onSignal;
    private volatile StatusServer server;
    private Beside serving = Beside.nothing();
    private CopyProgress progress;

    RunnerProcess(PhilotesConfig config, List<String> names) {
        this.config = config;
        this.names = names;
        this.factory = new PipelineFactory(config);
        this.group = new PipelineGroup(names, this::builder);
        LOG.info("Configuration: {}", Json.line(EffectiveConfig.tree(config)));
        Versions versions = Versions.ofBuild();
        io.micrometer.core.instrument.Gauge.builder("philotes.build.info", () -> 1)
                .tags("version", versions.philotes(), "iceberg", versions.iceberg())
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
    }

    /** Ctrl-C and SIGTERM: the process ends after the pipelines did. */
    void stopOnSignal() {
        onSignal = OnSignal.run(group::close);
    }

    /** The server beside the pipelines: both take their time. What it cannot have is told before anything else begins. */
    void serveAside() {
        StatusServer.check(config.server());
        if (Beside.isFree(config.server().address(), config.server().port())) {
            serving = Beside.begin("philotes-server-start", this::serve);
        } else {
            serve();
        }
    }

    void serve() {
        Versions versions = Versions.ofBuild();
        server = StatusServer.start(
                config,
                new StatusServer.Parts(
                        group,
                        this::metrics,
                        new RequestMeters(registry),
                        new ServerVersions(versions.philotes(), versions.iceberg())));
        LOG.info("Server listens on {}", server.address());
        if (!config.server().isLocal() && config.server().tls().isEmpty()) {
            LOG.warn("API keys cross the network in the clear: give server.tls a certificate, or put a proxy in front");
        }
    }

    /** In Prometheus' text form. */
    String metrics() {
        return registry.scrape();
    }

    /** Of table copies: a line that is drawn anew where a person watches, a log line now and then elsewhere. */
    void showProgress(Terminal terminal) {
        progress = CopyProgress.start(group::statuses, this::estimatedRows, terminal);
    }

    /** Asked when the first table of a pipeline is copied; without an answer there are no percentages. */
    private Map<TableId, Long> estimatedRows(String name) {
        Map<TableId, Long> rows = new HashMap<>();
        factory.discover(name, Discovery.ALL)
                .forEach(found -> rows.put(found.table(), found.size().rows()));
        return rows;
    }

    int runUntilStopped() throws InterruptedException {
        start(START_PATIENCE);
        serving.require();
        group.awaitStopped();
        return requireNoFailure();
    }

    int runOnce() throws InterruptedException {
        start(Duration.ZERO);
        serving.require();
        group.runUntilCaughtUp(ONCE_LIMIT);
        group.close();
        return requireNoFailure();
    }

    private int requireNoFailure() {
        group.failure().ifPresent(failure -> {
            throw failure;
        });
        return ExitCode.OK;
    }

    /** How many dead letters wait, of the pipelines that have any. */
    Map<String, Long> deadLetters() {
        Map<String, Long> waiting = new TreeMap<>();
        for (String name : names) {
            long letters = group.status(name).sinks().stream()
                    .flatMap(sink -> sink.tables().stream())
                    .mapToLong(TableStatus::deadLetters)
                    .sum();
            if (letters > 0) {
                waiting.put(name, letters);
            }
        }
        return waiting;
    }

    /** Starts, catches up as far as every table can, and compares. */
    VerifyReport verify(String pipeline, VerifyRequest request, Duration limit) throws InterruptedException {
        start(Duration.ZERO);
        try {
            group.runUntilCaughtUp(limit);
        } catch (PhilotesException e) {
            if (e.code() != ErrorCode.NOT_CAUGHT_UP || group.failure().isPresent()) {
                throw e;
            }
            LOG.info("Not every table could catch up: {}", e.getMessage());
        }
        return group.verify(pipeline, request);
    }

    private void start(Duration patience) {
        names.forEach(name -> PipelineGauges.of(name, factory.slot(name), () -> group.status(name), Clock.systemUTC())
                .bindTo(registry));
        group.start(patience);
    }

    private PipelineBuilder builder(String name) {
        return factory.builder(name).metrics(MicrometerMetrics.of(registry, name));
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
        group.close();
        if (onSignal != null) {
            onSignal.close();
        }
        serving.await();
        if (server != null) {
            server.close();
        }
        factory.close();
        registry.close();
    }
}
