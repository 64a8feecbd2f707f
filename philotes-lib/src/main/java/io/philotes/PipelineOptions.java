// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRetention;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.HarmlessMetrics;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.pipeline.RowPolicy;
import io.philotes.pipeline.WalGuard;
import io.philotes.pipeline.internal.RowHandling;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The options of a pipeline that have defaults. Not thread-safe. Arguments are checked at once; a buffer, store or sink
 * object belongs to the pipeline once it starts, which closes it.
 *
 * @param <T> the builder that goes on
 */
public abstract sealed class PipelineOptions<T extends PipelineOptions<T>> permits PipelineDraft, PipelineBuilder {

    /** Names the slot and everything else when the user names nothing. */
    public static final String DEFAULT_NAME = "philotes";

    /** Small files and snapshots pile up with every commit, so seconds, not milliseconds. */
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofSeconds(10);

    /** A commit's files reach a good size for readers at about this many bytes of changes. */
    public static final long DEFAULT_COMMIT_MAX_BYTES = 128L << 20;

    /** An idle database still moves its slot twice a minute. */
    public static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofSeconds(30);

    /** DDL without any later change is noticed in this time; a look is a few short queries. */
    public static final Duration DEFAULT_SCHEMA_LOOK_INTERVAL = Duration.ofSeconds(10);

    /** Two ranges at a time keep two cores busy and leave the source alone otherwise. */
    public static final int DEFAULT_COPY_PARALLELISM = 2;

    /** More rows than these are no exceptions, but a mapping that does not fit. */
    public static final int DEFAULT_MAX_DEAD_LETTERS = RowHandling.DEFAULT_MAX_DEAD_LETTERS;

    /** The longest duration that any option takes: what is longer cannot be counted in nanoseconds, and threads that count would end. */
    public static final Duration MAX_DURATION = Duration.ofDays(36_500);

    private String name = DEFAULT_NAME;
    private ChangeBuffer buffer;
    private CheckpointStore checkpoints;
    private Duration commitInterval = DEFAULT_COMMIT_INTERVAL;
    private long commitMaxBytes = DEFAULT_COMMIT_MAX_BYTES;
    private Duration heartbeatInterval = DEFAULT_HEARTBEAT_INTERVAL;
    private Duration schemaLookInterval = DEFAULT_SCHEMA_LOOK_INTERVAL;
    private ResyncPolicy resync = ResyncPolicy.MANUAL;
    private int copyParallelism = DEFAULT_COPY_PARALLELISM;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private WalGuard walGuard = WalGuard.DEFAULT;
    private long memoryBudgetBytes = Runtime.getRuntime().maxMemory() / 2;
    private Clock clock = Clock.systemUTC();
    private PipelineMetrics metrics = PipelineMetrics.NONE;
    private final List<PipelineListener> listeners = new ArrayList<>();
    private RowPolicy rowPolicy = RowPolicy.HOLD;
    private DeadLetterQueue deadLetters;
    private int maxDeadLetters = DEFAULT_MAX_DEAD_LETTERS;
    private DeadLetterRetention retention = DeadLetterRetention.DEFAULT;

    PipelineOptions() {}

    PipelineOptions(PipelineOptions<?> from) {
        name = from.name;
        buffer = from.buffer;
        checkpoints = from.checkpoints;
        commitInterval = from.commitInterval;
        commitMaxBytes = from.commitMaxBytes;
        heartbeatInterval = from.heartbeatInterval;
        schemaLookInterval = from.schemaLookInterval;
        resync = from.resync;
        copyParallelism = from.copyParallelism;
        retry = from.retry;
        walGuard = from.walGuard;
        memoryBudgetBytes = from.memoryBudgetBytes;
        clock = from.clock;
        metrics = from.metrics;
        listeners.addAll(from.listeners);
        rowPolicy = from.rowPolicy;
        deadLetters = from.deadLetters;
        maxDeadLetters = from.maxDeadLetters;
        retention = from.retention;
    }

    abstract T self();

    /** The pipeline's name, default {@value #DEFAULT_NAME}; pipelines that share a source need different ones. */
    public T name(String pipelineName) {
        if (!pipelineName.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,49}")) {
            throw invalid("name", "letters, digits, '_' and '-', at most 50", pipelineName);
        }
        name = pipelineName;
        return self();
    }

    /** Where batches wait for the sink; default a {@link MemoryBuffer}, with the slot as the durable store. */
    public T buffer(ChangeBuffer changeBuffer) {
        buffer = Objects.requireNonNull(changeBuffer, "buffer");
        return self();
    }

    /** Where progress is remembered; default the sink's own store. */
    public T checkpoints(CheckpointStore store) {
        checkpoints = Objects.requireNonNull(store, "checkpoints");
        return self();
    }

    /** How long changes may wait for a commit, default {@link #DEFAULT_COMMIT_INTERVAL}. */
    public T commitInterval(Duration interval) {
        commitInterval = positive("commitInterval", interval);
        return self();
    }

    /** Uncommitted bytes at which a commit does not wait, default {@link #DEFAULT_COMMIT_MAX_BYTES}. */
    public T commitMaxBytes(long bytes) {
        commitMaxBytes = positive("commitMaxBytes", bytes);
        return self();
    }

    /** How often an idle source is written to, default {@link #DEFAULT_HEARTBEAT_INTERVAL}. */
    public T heartbeatInterval(Duration interval) {
        heartbeatInterval = positive("heartbeatInterval", interval);
        return self();
    }

    /**
     * How often the source's catalog is looked at for what the stream does not tell: tables that are new, gone or changed
     * without any row; default {@link #DEFAULT_SCHEMA_LOOK_INTERVAL}.
     */
    public T schemaLookInterval(Duration interval) {
        schemaLookInterval = positive("schemaLookInterval", interval);
        return self();
    }

    /** Whether a table that must be copied again is copied by itself, default {@link ResyncPolicy#MANUAL}. */
    public T resync(ResyncPolicy policy) {
        resync = Objects.requireNonNull(policy, "resync");
        return self();
    }

    /** Ranges of a table copy read at the same time, default {@link #DEFAULT_COPY_PARALLELISM}. */
    public T copyParallelism(int ranges) {
        copyParallelism = (int) positive("copyParallelism", ranges);
        return self();
    }

    /** How failures that may pass are tried again, default {@link RetryPolicy#DEFAULT}. */
    public T retry(RetryPolicy policy) {
        retry = Objects.requireNonNull(policy, "retry");
        return self();
    }

    /** How much WAL the slot may keep on the source's disk, default {@link WalGuard#DEFAULT}, which only tells. */
    public T walGuard(WalGuard guard) {
        walGuard = Objects.requireNonNull(guard, "walGuard");
        return self();
    }

    /**
     * Memory for the buffer, and for key indexes of sinks that cannot keep them elsewhere, in bytes; default half of the JVM's
     * maximum heap. A start above it is refused. The Iceberg sink's indexes are off the heap, with a limit of their own.
     */
    public T memoryBudget(long bytes) {
        memoryBudgetBytes = positive("memoryBudget", bytes);
        return self();
    }

    /** Where events are counted, default nowhere. */
    public T metrics(PipelineMetrics pipelineMetrics) {
        metrics = Objects.requireNonNull(pipelineMetrics, "metrics");
        return self();
    }

    /** What becomes of a row that a sink can never write, default {@link RowPolicy#HOLD}. */
    public T rowPolicy(RowPolicy policy) {
        rowPolicy = Objects.requireNonNull(policy, "rowPolicy");
        return self();
    }

    /**
     * Where rows are set aside under {@link RowPolicy#DEAD_LETTER}, default nowhere. Under another policy too the letters that
     * are in it block their keys and can be replayed, but none comes but behind them.
     */
    public T deadLetters(DeadLetterQueue queue) {
        deadLetters = Objects.requireNonNull(queue, "deadLetters");
        return self();
    }

    /** How many rows of one table may be set aside, default {@link #DEFAULT_MAX_DEAD_LETTERS}; beyond it the table is held. */
    public T maxDeadLetters(int rows) {
        maxDeadLetters = (int) positive("maxDeadLetters", rows);
        return self();
    }

    /** How long dead letters are kept in which nothing is left to do, default {@link DeadLetterRetention#DEFAULT}. */
    public T deadLetterRetention(DeadLetterRetention policy) {
        retention = Objects.requireNonNull(policy, "deadLetterRetention");
        return self();
    }

    RowHandling rowHandling() {
        return new RowHandling(rowPolicy, Optional.ofNullable(deadLetters), maxDeadLetters, retention);
    }

    /** Adds a listener. */
    public T listener(PipelineListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return self();
    }

    /** Where time comes from, default the system's clock in UTC; for tests. */
    public T clock(Clock timeSource) {
        clock = Objects.requireNonNull(timeSource, "clock");
        return self();
    }

    PipelineSettings settings() {
        return new PipelineSettings(
                name,
                commitInterval,
                commitMaxBytes,
                heartbeatInterval,
                schemaLookInterval,
                copyParallelism,
                resync,
                retry,
                walGuard,
                memoryBudgetBytes,
                clock,
                HarmlessMetrics.of(metrics).forPipeline(name),
                listeners);
    }

    ChangeBuffer bufferOrDefault() {
        return buffer == null ? MemoryBuffer.bounded(MemoryBuffer.DEFAULT_LIMIT_BYTES) : buffer;
    }

    Optional<CheckpointStore> checkpointStore() {
        return Optional.ofNullable(checkpoints);
    }

    private static Duration positive(String option, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(MAX_DURATION) > 0) {
            throw invalid(option, "a positive duration of at most a hundred years", value.toString());
        }
        return value;
    }

    private static long positive(String option, long value) {
        if (value <= 0) {
            throw invalid(option, "a positive number", Long.toString(value));
        }
        return value;
    }

    private static PhilotesException invalid(String option, String expected, String actual) {
        return new PhilotesException(
                ErrorCode.INVALID_CONFIGURATION,
                "Cannot take the option " + option + ": it must be " + expected + ", not '" + actual + "'");
    }
}
