// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import java.time.Instant;
import java.util.List;

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
        List<Table> tables) {

    /** What failed, or is tried again. */
    public record Failure(String code, String message, String hint) {

        /** The same words as in logs and at the command line. */
        public static Failure of(PhilotesException failure) {
            return new Failure(failure.code().code(), failure.getMessage(), failure.hint());
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

    /** One table. */
    public record Table(
            String table,
            String state,
            String position,
            long copiedRows,
            long committedRows,
            long commits,
            String lastCommit,
            String reason) {

        static Table of(TableStatus status) {
            return new Table(
                    status.table().toString(),
                    status.state().name(),
                    status.position().toString(),
                    status.copiedRows(),
                    status.committedRows(),
                    status.commits(),
                    status.lastCommit().map(Instant::toString).orElse(null),
                    status.reason().isEmpty() ? null : status.reason());
        }
    }

    public static StatusJson of(PipelineStatus status) {
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
                status.tables().stream().map(Table::of).toList());
    }
}
