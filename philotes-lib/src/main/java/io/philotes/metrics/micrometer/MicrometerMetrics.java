// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * Counts one pipeline's events in a registry, under {@code philotes.} with the tag {@code pipeline}, and {@code sink} for
 * what happens in one sink. Thread-safe. Of at most
 * {@value TableTags#DEFAULT_LIMIT} tables each has its own tag value; the others share {@code __other__}.
 */
public final class MicrometerMetrics implements PipelineMetrics {

    /** What is of the pipeline as a whole; a meter has the same tags always. */
    private static final String NO_SINK = "none";

    private final MeterRegistry registry;
    private final Tags pipeline;
    private final Tags sink;
    private final TableTags tables;
    private final Counter changes;
    private final Counter bytes;
    private final Timer backpressure;

    private MicrometerMetrics(MeterRegistry registry, String pipelineName) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.pipeline = Tags.of("pipeline", pipelineName);
        this.sink = pipeline.and("sink", NO_SINK);
        this.tables = new TableTags(TableTags.DEFAULT_LIMIT);
        this.changes = Counter.builder("philotes.changes.received")
                .description("Changes received from the source")
                .tags(pipeline)
                .register(registry);
        this.bytes = Counter.builder("philotes.wal.received")
                .description("Bytes of changes received from the source")
                .baseUnit("bytes")
                .tags(pipeline)
                .register(registry);
        this.backpressure = Timer.builder("philotes.backpressure")
                .description("Time that capture waited for room in the buffer")
                .tags(pipeline.and("stage", "capture"))
                .register(registry);
    }

    private MicrometerMetrics(MicrometerMetrics from, String sinkName) {
        this.registry = from.registry;
        this.pipeline = from.pipeline;
        this.sink = from.pipeline.and("sink", sinkName);
        this.tables = from.tables;
        this.changes = from.changes;
        this.bytes = from.bytes;
        this.backpressure = from.backpressure;
    }

    /** Metrics of each pipeline that they are given to, under that pipeline's name; the meters stay in the registry. */
    public static PipelineMetrics of(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        return new PipelineMetrics() {
            @Override
            public PipelineMetrics forPipeline(String pipelineName) {
                return of(registry, pipelineName);
            }
        };
    }

    /** Metrics of the pipeline with this name; the meters stay in the registry. */
    public static MicrometerMetrics of(MeterRegistry registry, String pipelineName) {
        return new MicrometerMetrics(registry, pipelineName);
    }

    @Override
    public PipelineMetrics forSink(String sinkName) {
        return new MicrometerMetrics(this, sinkName);
    }

    @Override
    public void received(long changeCount, long byteCount) {
        changes.increment(changeCount);
        bytes.increment(byteCount);
    }

    @Override
    public void committed(TableId table, long rows, Duration took, CommitOutcome outcome) {
        Tags tags = sink.and("table", tables.tag(table));
        Timer.builder("philotes.commit")
                .description("Commits of a table")
                .tags(tags.and("outcome", outcome.name().toLowerCase(Locale.ROOT)))
                .register(registry)
                .record(took);
        if (outcome == CommitOutcome.SUCCESS) {
            DistributionSummary.builder("philotes.commit.rows")
                    .description("Changes in one commit of a table")
                    .tags(tags)
                    .register(registry)
                    .record(rows);
        }
    }

    @Override
    public void copied(TableId table, long rows) {
        Counter.builder("philotes.copy.rows")
                .description("Rows written by table copies")
                .tags(sink.and("table", tables.tag(table)))
                .register(registry)
                .increment(rows);
    }

    @Override
    public void parked(TableId table, long parkedChanges) {
        Counter.builder("philotes.dead.letters.parked")
                .description("Changes set aside as dead letters")
                .tags(sink.and("table", tables.tag(table)))
                .register(registry)
                .increment(parkedChanges);
    }

    @Override
    public void expired(TableId table, long snapshots) {
        Counter.builder("philotes.snapshots.expired")
                .description("Table snapshots of targets that expired")
                .tags(sink.and("table", tables.tag(table)))
                .register(registry)
                .increment(snapshots);
    }

    @Override
    public void removed(TableId table, long files) {
        Counter.builder("philotes.files.removed")
                .description("Files deleted that targets do not need any more")
                .tags(sink.and("table", tables.tag(table)))
                .register(registry)
                .increment(files);
    }

    @Override
    public void compacted(TableId table, long files, long bytes) {
        Tags tags = sink.and("table", tables.tag(table));
        Counter.builder("philotes.compaction.files")
                .description("Data files of targets that were written again")
                .tags(tags)
                .register(registry)
                .increment(files);
        Counter.builder("philotes.compaction.read")
                .description("Size of the data files that were written again")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry)
                .increment(bytes);
    }

    @Override
    public void backpressure(Duration waited) {
        backpressure.record(waited);
    }

    @Override
    public void retried(String stage, String code) {
        Counter.builder("philotes.errors")
                .description("Failures that were tried again")
                .tags(sink.and("stage", stage, "code", code))
                .register(registry)
                .increment();
    }
}
