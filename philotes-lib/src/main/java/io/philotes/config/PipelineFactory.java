// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.PipelineDraft;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.ValueText;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.pipeline.WalGuard;
import io.philotes.sink.Sink;
import io.philotes.sink.iceberg.internal.value.WireText;
import io.philotes.source.WalStatus;
import io.philotes.source.postgres.FoundTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.Catalog;

/**
 * Turns a configuration into builders: the one room that knows every implementation. Thread-safe. It owns the catalogs
 * and pools that it opened; close it after the pipelines have stopped.
 */
public final class PipelineFactory implements AutoCloseable {

    private final PhilotesConfig config;
    private final OwnParts own;
    private final Catalogs catalogs = new Catalogs();
    private final Stores stores;

    /** @throws PhilotesException INVALID_CONFIGURATION with everything that {@link ConfigRules} finds */
    public PipelineFactory(PhilotesConfig config) {
        this(config, OwnParts.NONE);
    }

    /**
     * For an application that brings some parts itself.
     *
     * @throws PhilotesException INVALID_CONFIGURATION with everything that {@link ConfigRules} finds
     */
    public PipelineFactory(PhilotesConfig config, OwnParts own) {
        this.config = config;
        this.own = own;
        this.stores = new Stores(config);
        List<ConfigProblem> problems = ConfigRules.problems(config, own);
        if (!problems.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot use the configuration: "
                            + problems.stream()
                                    .map(p -> p.path() + ": " + p.message())
                                    .collect(Collectors.joining("; ")));
        }
    }

    /**
     * A builder for the pipeline; its catalog is open, nothing else. Ask anew for each start: buffer and sink belong to the
     * pipeline that started with them.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline, CATALOG_UNREACHABLE when the catalog
     *     does not answer
     */
    public PipelineBuilder builder(String name) {
        PipelineConfig pipeline = pipeline(name);
        SourceConfig source = source(pipeline);
        PipelineDraft draft = Philotes.source(SourceFactory.source(source, pipeline, config.state()))
                .name(name)
                .buffer(own.buffer(name).orElseGet(() -> stores.buffer(name, pipeline.buffer())))
                .commitInterval(pipeline.commit().interval())
                .commitMaxBytes(pipeline.commit().maxBytes().bytes())
                .heartbeatInterval(source.heartbeat().interval())
                .copyParallelism(pipeline.copy().parallelism())
                .resync(pipeline.schemaChanges().resync())
                .schemaLookInterval(pipeline.schemaChanges().lookInterval())
                .retry(pipeline.onError().retry().policy())
                .rowPolicy(pipeline.onError().row())
                .maxDeadLetters(pipeline.onError().maxDeadLetters())
                .deadLetterRetention(pipeline.onError().deadLetters().retention())
                .walGuard(source.walGuard().guard());
        own.checkpoints(name).or(stores::checkpoints).ifPresent(draft::checkpoints);
        queue(name, pipeline).ifPresent(draft::deadLetters);
        PipelineBuilder builder = null;
        for (Map.Entry<String, Sink> sink : sinks(name, pipeline).entrySet()) {
            builder = builder == null
                    ? draft.sink(sink.getKey(), sink.getValue())
                    : builder.sink(sink.getKey(), sink.getValue());
        }
        return builder;
    }

    private Optional<DeadLetterQueue> queue(String name, PipelineConfig pipeline) {
        return own.deadLetters(name)
                .or(() -> stores.deadLetters(pipeline.onError().deadLetters()));
    }

    /** The only catalog must answer now; of several each may be away for a while. */
    private Map<String, Sink> sinks(String name, PipelineConfig pipeline) {
        Map<String, Sink> sinks = new LinkedHashMap<>();
        pipeline.sinks().forEach((sink, ref) -> {
            DestinationConfig destination = destination(ref);
            Supplier<Sink> open = () -> open(name, pipeline, destination);
            sinks.put(sink, pipeline.sinks().size() == 1 ? open.get() : new DeferredSink(sink, open));
        });
        sinks.putAll(own.sinks(name));
        return sinks;
    }

    private Sink open(String name, PipelineConfig pipeline, DestinationConfig destination) {
        Catalog catalog = own.catalog(destination.catalog()).orElseGet(() -> catalogs.of(name, destination));
        return SinkFactory.sink(catalog, name, pipeline, destination, indexDirectory(name, pipeline));
    }

    /** A pipeline whose state is elsewhere leaves nothing on this machine unless it is told where. */
    private Optional<Path> indexDirectory(String name, PipelineConfig pipeline) {
        StateConfig state = config.state();
        return pipeline.index()
                .directory()
                .or(() -> state.type() == StateType.FILE ? Optional.of(state.index(name)) : Optional.empty());
    }

    /**
     * Checks the pipeline, as {@link PipelineBuilder#check()}; a catalog that does not answer is one finding among those of
     * the source.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline, or a part refuses its options
     */
    public CheckReport check(String name) {
        try {
            return builder(name).check();
        } catch (PhilotesException e) {
            if (e.code() == ErrorCode.INVALID_CONFIGURATION) {
                throw e;
            }
            PipelineConfig pipeline = pipeline(name);
            List<Finding> findings = new ArrayList<>(SourceFactory.source(source(pipeline), pipeline, config.state())
                    .attach(name)
                    .check());
            String subject = e.code() == ErrorCode.STATE_UNREACHABLE ? "state" : "catalog";
            findings.add(Finding.error(e.code(), subject, e.reason(), e.hint()));
            return new CheckReport(findings);
        }
    }

    /**
     * What the pipeline's source alone is found to be; no lake is asked.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline, or the source refuses its options
     */
    public CheckReport checkSource(String name) {
        PipelineConfig pipeline = pipeline(name);
        return new CheckReport(SourceFactory.source(source(pipeline), pipeline, config.state())
                .attach(name)
                .check());
    }

    /**
     * The pipeline's dead letters, open, whether it runs or not; nothing else is opened. To be closed before this is.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline or it keeps none, or why the queue cannot
     *     be opened
     */
    public DeadLetterQueue deadLetters(String name) {
        DeadLetterQueue queue = queue(name, pipeline(name))
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.INVALID_CONFIGURATION,
                                "Cannot open the dead letters of " + name + ": it keeps none")
                        .hinting("name on-error.dead-letters.type"));
        queue.open(name);
        return queue;
    }

    /** Prints the values of dead letters as PostgreSQL would. */
    public static ValueText valueText() {
        return WireText::of;
    }

    /**
     * What the pipeline's slot and the others keep on the source's disk, now; no lake is asked, and nothing has to run.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline, SOURCE_UNREACHABLE and the like
     */
    public Optional<WalStatus> wal(String name) {
        PipelineConfig pipeline = pipeline(name);
        return SourceFactory.source(source(pipeline), pipeline, config.state())
                .attach(name)
                .wal();
    }

    /**
     * The tables of the pipeline's source that match, whether they are its own or not; see {@link Discovery#tables}.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline, SOURCE_UNREACHABLE and the like
     */
    public List<FoundTable> discover(String name, String pattern) {
        return Discovery.tables(source(pipeline(name)), pattern);
    }

    /**
     * How much WAL the pipeline's slot may keep.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline
     */
    public WalGuard walGuard(String name) {
        return source(pipeline(name)).walGuard().guard();
    }

    /**
     * The slot that the pipeline reads; no server is asked.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline
     */
    public String slot(String name) {
        return source(pipeline(name)).slot().name().orElse(Targets.atSource(name));
    }

    /**
     * The SQL with which an administrator prepares the pipeline's source; no server is asked.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline
     */
    public SetupSql setupSql(String name) {
        PipelineConfig pipeline = pipeline(name);
        return new SetupSql(name, pipeline, source(pipeline));
    }

    private PipelineConfig pipeline(String name) {
        PipelineConfig pipeline = config.pipelines().get(name);
        if (pipeline == null) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot make the pipeline " + name + ": the configuration has "
                            + String.join(", ", config.pipelines().keySet()));
        }
        return pipeline;
    }

    private SourceConfig source(PipelineConfig pipeline) {
        return pipeline.source()
                .inline()
                .orElseGet(() -> config.sources().get(pipeline.source().name().orElseThrow()));
    }

    private DestinationConfig destination(Ref<DestinationConfig> ref) {
        return ref.inline().orElseGet(() -> config.destinations().get(ref.name().orElseThrow()));
    }

    /** Closes the catalogs and the pools. Idempotent. */
    @Override
    public void close() {
        catalogs.close();
        stores.close();
    }
}
