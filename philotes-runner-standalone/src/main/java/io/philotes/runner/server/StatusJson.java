// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.SinkStatus;
import io.philotes.pipeline.TableStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A pipeline's status as JSON shows it: positions and times as text, absent things as null. Immutable. */
public record StatusJson(
        String pipeline,
        String state,
        Failure failure,
        Positions positions,
        long lagBytes,
        long lagMillis,
        long bufferBytes,
        long bufferLimitBytes,
        long changesReceived,
        long commits,
        String lastCommit,
        boolean stalled,
        String schemaTracking,
        SourceJson source,
        List<Retrying> retries,
        List<Table> tables,
        List<Sink> sinks) {

    /** What failed, or is tried again. */
    public record Failure(String code, String message, String hint) {

        /** The same words as in logs and at the command line. */
        public static Failure of(PhilotesException failure) {
            return new Failure(failure.code().code(), failure.getMessage(), failure.hint());
        }
    }

    /** What is tried again, since when, and after what. */
    public record Retrying(String stage, String sink, String since, long failures, Failure failure) {

        static Retrying of(Retry retry) {
            return new Retrying(
                    retry.stage().name().toLowerCase(Locale.ROOT),
                    retry.sink().orElse(null),
                    retry.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                    retry.failures(),
                    Failure.of(retry.last()));
        }
    }

    /** The marks. */
    public record Positions(String walEnd, String received, String durable, String acknowledged, String covered) {

        static Positions of(PipelineStatus.Positions marks) {
            return new Positions(
                    marks.walEnd().toString(),
                    marks.received().toString(),
                    marks.durable().toString(),
                    marks.acknowledged().toString(),
                    marks.covered().toString());
        }
    }

    /** One sink; its tables stand in it by themselves. */
    public record Sink(
            String name,
            String state,
            Failure failure,
            String covered,
            long lagBytes,
            long lagMillis,
            long commits,
            String lastCommit,
            boolean stalled,
            List<Table> tables) {

        static Sink of(String pipeline, SinkStatus status, Map<TableId, Long> copies) {
            return new Sink(
                    status.name(),
                    status.state().name(),
                    status.failure().map(Failure::of).orElse(null),
                    status.covered().toString(),
                    status.lagBytes(),
                    status.lagTime().toMillis(),
                    status.commits(),
                    status.lastCommit().map(Instant::toString).orElse(null),
                    status.stalled(),
                    Table.of(pipeline, status.tables(), copies));
        }
    }

    /** One table. */
    public record Table(
            String table,
            String state,
            String position,
            long copiedRows,
            long committedRows,
            long commits,
            String lastCommit,
            long copies,
            long deadLetters,
            String reason,
            String hint) {

        static Table of(String pipeline, TableStatus status, long copies) {
            return new Table(
                    status.table().toString(),
                    status.state().name(),
                    status.position().toString(),
                    status.copiedRows(),
                    status.committedRows(),
                    status.commits(),
                    status.lastCommit().map(Instant::toString).orElse(null),
                    copies,
                    status.deadLetters(),
                    status.reason().isEmpty() ? null : status.reason(),
                    hint(pipeline, status));
        }

        static List<Table> of(String pipeline, List<TableStatus> tables, Map<TableId, Long> copies) {
            return tables.stream()
                    .map(table -> of(pipeline, table, copies.getOrDefault(table.table(), 0L)))
                    .toList();
        }

        private static String hint(String pipeline, TableStatus status) {
            String command = "philotes resync " + pipeline + " " + ShellName.of(status.table());
            return switch (status.state()) {
                case PENDING, COPYING -> null;
                case STREAMING -> status.deadLetters() > 0 ? "philotes dlq list " + pipeline : null;
                case HELD -> "mend the cause, then: " + command;
                case DIVERGED, NEEDS_RESYNC -> command;
            };
        }
    }

    /** @param copies how many table copies ended, by table */
    public static StatusJson of(PipelineStatus status, Map<TableId, Long> copies) {
        return new StatusJson(
                status.pipeline(),
                status.state().name(),
                status.failure().map(Failure::of).orElse(null),
                Positions.of(status.positions()),
                status.lagBytes(),
                status.lagTime().toMillis(),
                status.bufferBytes(),
                status.bufferLimitBytes(),
                status.changesReceived(),
                status.commits(),
                status.lastCommit().map(Instant::toString).orElse(null),
                status.stalled(),
                status.schemaTracking()
                        .map(tracking -> tracking.name().toLowerCase(Locale.ROOT))
                        .orElse(null),
                status.source().map(SourceJson::of).orElse(null),
                status.retries().stream().map(Retrying::of).toList(),
                Table.of(status.pipeline(), status.tables(), copies),
                status.sinks().stream()
                        .map(sink -> Sink.of(status.pipeline(), sink, copies))
                        .toList());
    }
}
