// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a wish for copies is taken, and when it is refused. */
class ResyncRequestTest {

    private static final TableId NUMBERS = ScriptedSource.TABLE.table();

    private final ScriptedSource source = new ScriptedSource();
    private final RunState run = RunState.of(new PipelineParts(
            TestSettings.of("wishes").made(),
            source,
            MemoryBuffer.bounded(1 << 20),
            Optional.of(new HeldCheckpoints()),
            List.of(new SinkPart("sink", new CountingSink())),
            RowHandling.DEFAULT));
    private final ResyncRequest request = new ResyncRequest(source, run);

    private CopyWishes wishes() {
        return run.lanes().iterator().next().wishes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void in_standby_nothing_is_wished_for_that_would_be_done_when_nobody_wants_it_any_more(boolean named) {
        run.lifecycle().moveTo(PipelineState.STARTING);
        run.lifecycle().moveTo(PipelineState.STANDBY);
        List<TableId> tables = named ? List.of(NUMBERS) : List.of();
        assertThatThrownBy(() -> request.make(tables)).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_RUNNING);
            assertThat(e.hint()).contains("ask that instance");
        });
        assertThatThrownBy(() -> request.make("sink", tables)).isInstanceOf(PhilotesException.class);
        assertThat(wishes().isEmpty()).isTrue();
    }

    @Test
    void before_the_first_session_a_wish_waits() {
        run.lifecycle().moveTo(PipelineState.STARTING);
        request.make(List.of());
        assertThat(wishes().touches(List.of(NUMBERS))).isTrue();
    }
}
