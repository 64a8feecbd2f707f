// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.TargetSize;
import io.philotes.metrics.WrittenFiles;
import io.philotes.metrics.micrometer.TableGauges.Kind;
import io.philotes.model.ChangeBatch;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Counts one pipeline's events in a registry, under {@code philotes.} with the tag {@code pipeline}, and {@code sink} for
 * what happens in one sink. Thread-safe. Of at most
 * {@value TableTags#DEFAULT_LIMIT} tables each has its own tag value; the others share {@code __other__}.
 *
 * <p>Made anew for each start of a pipeline: counters of an earlier start go on, its gauges go.
 */
public final class MicrometerMetrics implements PipelineMetrics {

    /** What is of the pipeline as a whole; a meter has the same tags always. */
    private static final String NO_SINK = "none";

    private final MeterRegistry registry;
    private final Tags pipeline;
    private final Tags sink;
    private final TableTags tables;
    private final CaptureMeters capture;
    private final SinkMeters meters;
    private final Map<Kind, TableGauges> gauges = new EnumMap<>(Kind.class);

    private MicrometerMetrics(
            MeterRegistry registry, Tags pipeline, String sinkName, TableTags tables, CaptureMeters capture) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.sink = pipeline.and("sink", sinkName);
        this.tables = tables;
        this.capture = capture;
        this.meters = new SinkMeters(registry, sink, tables);
        for (Kind kind : Kind.values()) {
            gauges.put(kind, new TableGauges(registry, tables, sink, kind));
        }
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

    /** Metrics of the pipeline with this name, which is about to start; the meters stay in the registry. */
    public static MicrometerMetrics of(MeterRegistry registry, String pipelineName) {
        Objects.requireNonNull(registry, "registry");
        Tags pipeline = Tags.of("pipeline", pipelineName);
        TableTags tables = new TableTags(TableTags.DEFAULT_LIMIT);
        TableGauges.forget(registry, pipeline);
        return new MicrometerMetrics(
                registry, pipeline, NO_SINK, tables, new CaptureMeters(registry, pipeline, tables));
    }

    @Override
    public PipelineMetrics forSink(String sinkName) {
        return new MicrometerMetrics(registry, pipeline, sinkName, tables, capture);
    }

    @Override
    public void sinkRemoved() {
        TableGauges.forget(registry, sink);
    }

    @Override
    public void received(ChangeBatch batch, Duration behind) {
        capture.received(batch, behind);
    }

    @Override
    public void heartbeat() {
        capture.heartbeat();
    }

    @Override
    public void backpressure(Duration waited) {
        capture.backpressure(waited);
    }

    @Override
    public void restarted(String code) {
        meters.counter(
                        "philotes.pipeline.restarts",
                        "Times that a pipeline, or one sink of it, began again after a failure",
                        meters.with("reason", code))
                .increment();
    }

    @Override
    public void retried(String stage, String code) {
        meters.counter("philotes.errors", "Failures that were tried again", meters.with("stage", stage, "code", code))
                .increment();
    }

    @Override
    public void committed(TableId table, long rows, Duration took, CommitOutcome outcome) {
        Tags tags = meters.of(table);
        meters.timer("philotes.commit", "Commits of a table", tags.and("outcome", SinkMeters.word(outcome)))
                .record(took);
        if (outcome == CommitOutcome.SUCCESS) {
            meters.summary("philotes.commit.rows", "Changes in one commit of a table", tags)
                    .record(rows);
        }
    }

    @Override
    public void commitRetried(TableId table, CommitRetry reason) {
        meters.counter(
                        "philotes.commit.retries",
                        "Commits that were sent and did not land, and were tried again",
                        meters.of(table).and("reason", SinkMeters.word(reason)))
                .increment();
    }

    @Override
    public void wrote(TableId table, List<WrittenFiles> files) {
        Tags tags = meters.of(table);
        long all = 0;
        for (WrittenFiles some : files) {
            Tags ofKind = tags.and("kind", SinkMeters.word(some.kind()));
            meters.counter("philotes.rows.written", "Rows that commits brought into targets", ofKind)
                    .increment(some.rows());
            meters.counter("philotes.files.written", "Files that commits brought into targets", ofKind)
                    .increment(some.bytes().size());
            some.bytes()
                    .forEach(bytes -> meters.sizes("philotes.file.size", "Size of these files", ofKind)
                            .record(bytes));
            all += some.bytes().stream().mapToLong(Long::longValue).sum();
        }
        meters.sizes("philotes.commit.size", "Size of the files that one commit brought", tags)
                .record(all);
    }

    @Override
    public void stands(TableId table, TargetSize now) {
        gauges.get(Kind.FILES).set(table, now.files());
        gauges.get(Kind.DELETE_FILES).set(table, now.deleteFiles());
        gauges.get(Kind.SIZE).set(table, now.bytes());
        gauges.get(Kind.SNAPSHOTS).set(table, now.snapshots());
    }

    @Override
    public void unchangedRead(TableId table, long rows) {
        meters.counter(
                        "philotes.toast.unchanged",
                        "Updated rows whose unchanged large values were read from their older versions",
                        meters.of(table))
                .increment(rows);
    }

    @Override
    public void schemaChanged(TableId table, String change, SchemaAction action) {
        meters.counter(
                        "philotes.schema.changes",
                        "Changes to the definitions of tables",
                        meters.of(table).and("type", change, "action", SinkMeters.word(action)))
                .increment();
    }

    @Override
    public void copied(TableId table, long rows) {
        meters.counter("philotes.copy.rows", "Rows written by table copies", meters.of(table))
                .increment(rows);
    }

    @Override
    public void copyProgress(TableId table, double part) {
        gauges.get(Kind.COPY_PROGRESS).set(table, part);
    }

    @Override
    public void parked(TableId table, String code, long changes) {
        meters.counter(
                        "philotes.dead.letters.added",
                        "Changes set aside as dead letters",
                        meters.of(table).and("code", code))
                .increment(changes);
    }

    @Override
    public void lettersEnded(TableId table, String code, long letters, LetterEnd end) {
        meters.counter(
                        "philotes.dead.letters." + SinkMeters.word(end),
                        "Dead letters that wait no longer: " + SinkMeters.word(end),
                        meters.of(table).and("code", code))
                .increment(letters);
    }

    @Override
    public void lettersWaiting(TableId table, long letters) {
        gauges.get(Kind.DEAD_LETTERS).set(table, letters);
    }

    @Override
    public void expired(TableId table, long snapshots) {
        meters.counter("philotes.snapshots.expired", "Table snapshots of targets that expired", meters.of(table))
                .increment(snapshots);
    }

    @Override
    public void removed(TableId table, long files) {
        meters.counter("philotes.files.removed", "Files deleted that targets do not need any more", meters.of(table))
                .increment(files);
    }

    @Override
    public void compacted(TableId table, long files, long bytes) {
        Tags tags = meters.of(table);
        meters.counter("philotes.compaction.files", "Data files of targets that were written again", tags)
                .increment(files);
        meters.bytes("philotes.compaction.read", "Size of the data files that were written again", tags)
                .increment(bytes);
    }

    @Override
    public void tended(TableId table, Upkeep what, Duration took, CommitOutcome outcome) {
        meters.timer(
                        "philotes.maintenance",
                        "What was done to targets beside their changes",
                        meters.of(table).and("action", SinkMeters.word(what), "outcome", SinkMeters.word(outcome)))
                .record(took);
    }

    @Override
    public void catalogAnswered(String operation, String outcome, Duration took) {
        meters.timer(
                        "philotes.catalog.requests",
                        "Requests to a REST catalog",
                        meters.with("op", operation, "outcome", outcome))
                .record(took);
    }
}
