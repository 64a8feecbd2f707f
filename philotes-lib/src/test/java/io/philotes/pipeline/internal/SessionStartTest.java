// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.testkit.SettableClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a session must remember before it goes on. A buffer that outlives its pipeline stands for one on disk. */
class SessionStartTest {

    private final SettableClock clock = new SettableClock();
    private final CountingSink sink = new CountingSink();
    private final ChangeBuffer buffer = MemoryBuffer.bounded(100_000);
    private ScriptedSource source = new ScriptedSource();
    private HeldCheckpoints checkpoints = new HeldCheckpoints();
    private boolean taken;

    @Test
    void a_table_that_comes_back_is_copied_again_even_when_nothing_was_committed_without_it() throws Exception {
        ManualPipeline with = begin();
        source.commit(3);
        with.captureOnce();
        round(with);

        source.remove(ScriptedSource.TABLE);
        ManualPipeline without = begin();
        source.commit(4);
        without.captureOnce();

        source.create(ScriptedSource.TABLE);
        ManualPipeline again = begin();
        source.commit(2);
        again.captureOnce();
        round(again);

        assertThat(sink.committed())
                .isEqualTo(IntStream.range(0, source.numbers()).boxed().toList());
    }

    @Test
    void a_divergence_is_remembered_when_the_commit_that_holds_it_ends_without_an_answer() throws Exception {
        ManualPipeline pipeline = begin();
        source.commit(3);
        pipeline.captureOnce();
        sink.divergeOnNextWrite();
        sink.nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isFalse();

        pipeline.begin();
        pipeline.captureOnce();
        round(pipeline);

        assertThat(pipeline.board().progress(ScriptedSource.TABLE.table()).state())
                .isEqualTo(TableState.DIVERGED);
    }

    @Test
    void a_target_that_was_put_back_behind_what_is_kept_does_not_go_on() throws Exception {
        ManualPipeline pipeline = begin();
        source.commit(3);
        pipeline.captureOnce();
        round(pipeline);
        Lsn older = sink.committedUpTo(ScriptedSource.TABLE).orElseThrow();
        source.commit(4);
        pipeline.captureOnce();
        round(pipeline);
        assertThat(sink.committed()).hasSize(7);

        sink.putBack(ScriptedSource.TABLE, 3, older);
        pipeline = begin();
        source.commit(2);
        pipeline.captureOnce();
        round(pipeline);

        TableProgress progress = pipeline.board().progress(ScriptedSource.TABLE.table());
        assertThat(progress.state()).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(progress.reason()).contains("rolled back to " + older);
        assertThat(sink.committed()).hasSize(3);
    }

    @Test
    void changes_that_an_earlier_pipeline_left_in_the_buffer_are_never_applied() throws Exception {
        ManualPipeline earlier = begin();
        source.commit(3);
        earlier.captureOnce();

        source = new ScriptedSource();
        checkpoints = new HeldCheckpoints();

        begin();

        assertThat(buffer.heldBytes()).isZero();
        assertThat(buffer.appendedUpTo()).isEqualTo(source.confirmed());
    }

    @Test
    void what_every_table_has_leaves_the_buffer_when_the_answer_to_its_commit_was_lost() throws Exception {
        ManualPipeline pipeline = begin();
        source.commit(3);
        pipeline.captureOnce();
        assertThat(buffer.heldBytes()).isPositive();
        sink.nextCommit(CountingSink.Fault.FAIL_AFTER_WRITE);
        clock.advance(Duration.ofSeconds(20));
        assertThat(pipeline.applyOnce()).isFalse();

        pipeline.begin();

        assertThat(buffer.heldBytes()).isZero();
    }

    /** Somebody took the storage while this process stood still. */
    private ChangeBuffer lost() {
        return (ChangeBuffer) Proxy.newProxyInstance(
                ChangeBuffer.class.getClassLoader(),
                new Class<?>[] {ChangeBuffer.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("requireOwned") && taken) {
                        throw new PhilotesException(ErrorCode.FENCED, "Cannot write: scripted");
                    }
                    return method.invoke(buffer, arguments);
                });
    }

    private long epoch() {
        return checkpoints.load("start").orElseThrow().epoch();
    }

    @Test
    void who_lost_the_buffer_to_another_instance_does_not_end_that_one_by_a_higher_epoch() throws Exception {
        ManualPipeline pipeline = begin(lost());
        source.commit(3);
        pipeline.captureOnce();
        round(pipeline);
        long epoch = epoch();
        taken = true;

        assertThatThrownBy(pipeline::begin).hasMessageContaining("PHI-4010");
        assertThat(epoch()).as("of a session that begins again").isEqualTo(epoch);
        assertThat(pipeline.applyOnce()).as("a sink that is opened again").isFalse();
        assertThat(epoch()).as("of a sink that is opened again").isEqualTo(epoch);
    }

    private ManualPipeline begin() throws InterruptedException {
        return begin(buffer);
    }

    private ManualPipeline begin(ChangeBuffer buffer) throws InterruptedException {
        source.disconnect();
        sink.crash();
        PipelineSettings settings = TestSettings.simulated("start", clock).made();
        ManualPipeline pipeline = new ManualPipeline(new PipelineParts(
                settings, source, buffer, Optional.of(checkpoints), List.of(new SinkPart("sink", sink))));
        pipeline.begin();
        return pipeline;
    }

    private void round(ManualPipeline pipeline) throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(20));
            pipeline.helpOnce();
            pipeline.applyOnce();
        }
    }
}
