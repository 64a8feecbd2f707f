// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.Checkpoint;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.SourceMark;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A first load, and what is stored of it before anything streams. */
class FirstLoadTest {

    private final CountingSink counting = new CountingSink();
    private final HeldCheckpoints checkpoints = new HeldCheckpoints();
    private final ScriptedSource source = new ScriptedSource();
    private final List<String> openedAs = new ArrayList<>();
    private boolean interrupted;

    /** Is interrupted while it makes a target, as by a stop that takes too long. */
    private Sink sink() {
        return (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("open")) {
                        openedAs.add(((SinkContext) arguments[0]).pipelineId());
                    }
                    if (method.getName().equals("load") && interrupted) {
                        throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot copy: interrupted");
                    }
                    try {
                        return method.invoke(counting, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ManualPipeline pipeline() {
        PipelineSettings settings = TestSettings.of("first").made();
        return new ManualPipeline(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("sink", sink()))));
    }

    @Test
    void one_that_is_interrupted_leaves_no_slot_and_who_it_was() throws Exception {
        source.commit(3);
        interrupted = true;
        assertThatThrownBy(() -> pipeline().begin()).hasMessageContaining("interrupted");
        assertThat(source.slot()).isEmpty();
        assertThat(checkpoints.load("first")).map(Checkpoint::source).hasValue(SourceMark.UNKNOWN);

        interrupted = false;
        pipeline().begin();

        assertThat(source.slot()).isPresent();
        assertThat(openedAs).hasSize(2);
        assertThat(openedAs.get(1)).as("its targets stay its own").isEqualTo(openedAs.get(0));
        assertThat(counting.committed()).hasSize(3);
    }

    @Test
    void the_publication_that_it_made_is_known_although_nothing_streamed_yet() throws Exception {
        source.commit(3);
        pipeline().begin();
        assertThat(checkpoints.load("first").orElseThrow().source())
                .isEqualTo(source.identify().mark());

        source.recreatePublication();

        assertThatThrownBy(() -> pipeline().begin())
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLICATION_RECREATED));
    }
}
