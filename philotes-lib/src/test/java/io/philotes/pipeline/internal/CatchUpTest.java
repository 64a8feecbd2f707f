// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private final ScriptedSource source = new ScriptedSource();
    private final PipelineParts parts = new PipelineParts(
            TestSettings.of("wait").made(),
            source,
            MemoryBuffer.bounded(1 << 20),
            Optional.of(new HeldCheckpoints()),
            List.of(new SinkPart("sink", new CountingSink())));
    private final RunState run = RunState.of(parts);

    @BeforeEach
    void start() {
        run.lifecycle().moveTo(PipelineState.STARTING);
    }

    private CompletableFuture<Void> catchUp() {
        return CompletableFuture.runAsync(() -> {
            try {
                new CatchUp(source, run).await(Duration.ofMinutes(10));
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static boolean isAsked(Lane lane) {
        return lane.progress().commitWantedBetween(Lsn.ZERO, new Lsn(Long.MAX_VALUE));
    }

    @Test
    void a_sink_that_is_added_while_somebody_waits_is_asked_to_commit_at_once_too() {
        CompletableFuture<Void> waiting = catchUp();
        await().until(() -> isAsked(run.lanes().iterator().next()));

        Lane added = new Lane(parts, new SinkPart("added", new CountingSink()), new HeldCheckpoints(), run.guard());
        run.lanes().add(added);

        await().until(() -> isAsked(added));
        run.lifecycle().fail(new PhilotesException(ErrorCode.SLOT_LOST, "Cannot go on: scripted"));
        assertThatThrownBy(waiting::join).hasRootCauseMessage("PHI-1010 Cannot go on: scripted");
    }

    @Test
    void who_waits_hears_of_a_stop_before_the_last_commits_have_ended() {
        run.lifecycle().requestStop();
        assertThatThrownBy(() -> new CatchUp(source, run).await(Duration.ofSeconds(1)))
                .hasMessageContaining("the pipeline stops");
    }
}
