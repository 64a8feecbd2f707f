// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class PipelineHealthTest {

    private static final PhilotesException AWAY =
            new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot connect: no answer");

    private static final Retry RETRY =
            new Retry(Retry.Stage.READ, Optional.empty(), Instant.parse("2026-01-01T00:00:00Z"), 3, AWAY);

    private static PipelineStatus status(PipelineState state, SinkState ofSink) {
        return status(state, ofSink, false);
    }

    private static PipelineStatus status(PipelineState state, SinkState ofSink, boolean stalled) {
        Lsn lsn = Lsn.ZERO;
        SinkStatus sink = new SinkStatus(
                "sink", ofSink, Optional.of(AWAY), lsn, 0, Duration.ZERO, 0, Optional.empty(), stalled, List.of());
        return new PipelineStatus(
                "shop",
                state,
                Optional.of(AWAY),
                new PipelineStatus.Positions(lsn, lsn, lsn, lsn, lsn),
                0,
                Duration.ZERO,
                0,
                0,
                0,
                0,
                Optional.empty(),
                stalled,
                Optional.empty(),
                Optional.empty(),
                List.of(RETRY),
                List.of(sink));
    }

    @Test
    void one_that_failed_and_was_stopped_is_not_down() {
        assertThat(PipelineHealth.of(status(PipelineState.FAILED, SinkState.FAILED)))
                .isEqualTo(Status.DOWN);
        assertThat(PipelineHealth.of(status(PipelineState.RUNNING, SinkState.FAILED)))
                .isEqualTo(Status.DOWN);
        assertThat(PipelineHealth.of(status(PipelineState.STOPPED, SinkState.FAILED)))
                .isEqualTo(Status.UNKNOWN);
    }

    @Test
    void one_that_has_work_and_does_not_move_is_down() {
        assertThat(PipelineHealth.of(status(PipelineState.RUNNING, SinkState.RUNNING, true)))
                .isEqualTo(Status.DOWN);
        assertThat(PipelineHealth.of(status(PipelineState.RUNNING, SinkState.RUNNING)))
                .isEqualTo(Status.UP);
        assertThat(PipelineHealth.of(status(PipelineState.STOPPED, SinkState.STOPPED, true)))
                .isEqualTo(Status.UNKNOWN);
    }

    @Test
    void what_is_tried_again_is_in_the_details_with_its_beginning() {
        Map<String, Object> failure = Map.of(
                "code", "PHI-1002",
                "message", AWAY.getMessage(),
                "hint", AWAY.hint());
        assertThat(StatusView.summary(status(PipelineState.RUNNING, SinkState.RUNNING)))
                .containsEntry(
                        "retries",
                        List.of(Map.of(
                                "stage", "READ", "since", "2026-01-01T00:00:00Z", "failures", 3L, "failure", failure)));
    }
}
