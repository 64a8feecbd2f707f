// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.source.SchemaTracking;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pipeline at one moment. Immutable.
 *
 * @param pipeline its name
 * @param state where it stands
 * @param failure why it failed, or what it is trying again after, be it the whole or capture; else what the first sink suffers
 *     from
 * @param positions the marks, each only rising
 * @param lagBytes WAL between what is committed and the server's end; zero before it is known what is, and in STANDBY
 * @param lagTime age of the oldest change that a sink was given and did not commit; zero when there is none, also while no sink
 *     could be opened yet, and in STANDBY
 * @param bufferBytes bytes held between capture and the sink
 * @param bufferLimitBytes where capture starts to wait
 * @param changesReceived changes received in this run
 * @param commits commit rounds of all sinks in this run
 * @param lastCommit when the newest round was
 * @param stalled whether a sink has something to do and nothing moved in it for too long
 * @param schemaTracking how changes to a table's definition are learned of; empty before the first look
 * @param source what the pipeline costs its source; empty before the first look
 * @param retries what is being tried again now, and since when; empty at the end
 * @param sinks each sink, in the order in which they were named
 */
public record PipelineStatus(
        String pipeline,
        PipelineState state,
        Optional<PhilotesException> failure,
        Positions positions,
        long lagBytes,
        Duration lagTime,
        long bufferBytes,
        long bufferLimitBytes,
        long changesReceived,
        long commits,
        Optional<Instant> lastCommit,
        boolean stalled,
        Optional<SchemaTracking> schemaTracking,
        Optional<SourceStatus> source,
        List<Retry> retries,
        List<SinkStatus> sinks) {

    /**
     * The marks: {@code received ≥ durable ≥ acknowledged} and {@code received ≥ covered}.
     *
     * @param walEnd the server's end as last told
     * @param received end of the last whole transaction that came in
     * @param durable what the buffer answers for
     * @param acknowledged what PostgreSQL was told it may forget
     * @param covered nothing that ends at or before it is missing, in any sink, in a table that is not behind
     */
    public record Positions(Lsn walEnd, Lsn received, Lsn durable, Lsn acknowledged, Lsn covered) {}

    public PipelineStatus {
        retries = List.copyOf(retries);
        sinks = List.copyOf(sinks);
    }

    /** Before the first look at the source's WAL, with nothing to try again. */
    public PipelineStatus(
            String pipeline,
            PipelineState state,
            Optional<PhilotesException> failure,
            Positions positions,
            long lagBytes,
            Duration lagTime,
            long bufferBytes,
            long bufferLimitBytes,
            long changesReceived,
            long commits,
            Optional<Instant> lastCommit,
            boolean stalled,
            Optional<SchemaTracking> schemaTracking,
            List<SinkStatus> sinks) {
        this(
                pipeline,
                state,
                failure,
                positions,
                lagBytes,
                lagTime,
                bufferBytes,
                bufferLimitBytes,
                changesReceived,
                commits,
                lastCommit,
                stalled,
                schemaTracking,
                Optional.empty(),
                List.of(),
                sinks);
    }

    /** Each table of each sink: by name, sink after sink. */
    public List<TableStatus> tables() {
        return sinks.stream().flatMap(sink -> sink.tables().stream()).toList();
    }
}
