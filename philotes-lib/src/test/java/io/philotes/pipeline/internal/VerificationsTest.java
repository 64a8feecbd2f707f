// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Nothing compared is not the same as nothing different. */
class VerificationsTest {

    private static final VerifyRequest ALL = VerifyRequest.of(List.of()).patience(Duration.ZERO);

    private final ScriptedSource source = new ScriptedSource();
    private final CountingSink lake = new CountingSink();
    private final CountingSink replica = new CountingSink();
    private final OneUnreadable checkpoints = new OneUnreadable();

    /** A store that cannot read the checkpoint of one sink. */
    private static final class OneUnreadable implements CheckpointStore {

        private final HeldCheckpoints real = new HeldCheckpoints();
        private String unreadable = "";

        @Override
        public Optional<Checkpoint> load(String key) {
            if (key.equals(unreadable)) {
                throw new PhilotesException(ErrorCode.CHECKPOINT_FAILED, "Cannot load the checkpoint: scripted");
            }
            return real.load(key);
        }

        @Override
        public Checkpoint save(String key, Checkpoint checkpoint) {
            return real.save(key, checkpoint);
        }

        @Override
        public void remove(String key) {
            real.remove(key);
        }
    }

    private ManualPipeline pipeline() {
        source.disconnect();
        PipelineSettings settings =
                TestSettings.simulated("verified", new SettableClock()).made();
        return new ManualPipeline(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("lake", lake), new SinkPart("replica", replica))));
    }

    private static void assertNotRunning(String sink, ThrowingCallable verification) {
        assertThatThrownBy(verification).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_RUNNING);
            assertThat(e).hasMessageContaining("the sink " + sink);
        });
    }

    @Test
    void before_a_session_opened_the_sinks_nothing_is_compared() {
        assertNotRunning("lake", () -> pipeline().verify(ALL));
    }

    @Test
    void a_sink_whose_checkpoint_could_not_be_loaded_is_not_left_out_without_a_word() throws Exception {
        pipeline().begin();
        checkpoints.unreadable = "verified.replica";
        ManualPipeline again = pipeline();
        again.begin();
        assertThat(again.lanes().named("lake").orElseThrow().board().tables()).isNotEmpty();
        assertNotRunning("replica", () -> again.verify(ALL.sink("replica")));
        assertNotRunning("replica", () -> again.verify(ALL));
        assertThatThrownBy(() -> again.verify(ALL))
                .as("it says why")
                .hasMessageContaining(ErrorCode.CHECKPOINT_FAILED.code());
    }
}
