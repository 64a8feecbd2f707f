// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {

    private final List<PipelineState> heard = new ArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle("shop", new Listeners(List.of(new PipelineListener() {
        @Override
        public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
            heard.add(to);
            throw new IllegalStateException("a listener may throw");
        }
    })));

    @Test
    void moves_are_told_to_listeners_and_a_throwing_listener_stops_nothing() {
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.RUNNING);
        assertThat(heard).containsExactly(PipelineState.STARTING, PipelineState.RUNNING);
    }

    @Test
    void an_illegal_move_is_a_defect() {
        assertThatThrownBy(() -> lifecycle.moveTo(PipelineState.RUNNING)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void after_a_wish_to_stop_only_the_way_out_is_open() {
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.requestStop();
        lifecycle.moveTo(PipelineState.RUNNING);
        assertThat(lifecycle.state()).isEqualTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.STOPPING);
        lifecycle.moveTo(PipelineState.STOPPED);
        assertThat(lifecycle.state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void a_failure_is_final_and_keeps_its_cause() {
        PhilotesException cause = new PhilotesException(ErrorCode.SLOT_LOST, "Cannot go on: no slot");
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.fail(cause);
        lifecycle.moveTo(PipelineState.STOPPING);
        assertThat(lifecycle.state()).isEqualTo(PipelineState.FAILED);
        assertThat(lifecycle.failure()).contains(cause);
        assertThat(lifecycle.stopRequested()).isTrue();
    }

    @Test
    void what_a_session_says_that_was_still_beginning_does_not_hide_why_the_pipeline_failed() {
        PhilotesException cause = new PhilotesException(ErrorCode.SLOT_LOST, "Cannot go on: the slot is given up");
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.fail(cause);
        lifecycle.moveTo(PipelineState.RUNNING);
        lifecycle.trouble(null);
        assertThat(lifecycle.failure()).contains(cause);
        lifecycle.trouble(new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot connect"));
        assertThat(lifecycle.failure()).contains(cause);
    }

    @Test
    void pause_and_resume_do_nothing_unless_they_fit() {
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.pause();
        assertThat(lifecycle.paused()).isFalse();
        lifecycle.moveTo(PipelineState.RUNNING);
        lifecycle.pause();
        assertThat(lifecycle.state()).isEqualTo(PipelineState.PAUSED);
        lifecycle.resume();
        assertThat(lifecycle.state()).isEqualTo(PipelineState.RUNNING);
    }

    @ParameterizedTest
    @EnumSource(
            value = PipelineState.class,
            names = {"STARTING", "STANDBY"})
    void one_that_is_resumed_after_its_paused_session_ended_does_not_hold_still_again(PipelineState after) {
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.RUNNING);
        lifecycle.pause();
        lifecycle.moveTo(after);
        lifecycle.resume();
        assertThat(lifecycle.state()).as("nothing runs yet").isEqualTo(after);
        assertThat(lifecycle.paused()).isFalse();
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.RUNNING);
        lifecycle.holdIfPaused();
        assertThat(lifecycle.state()).isEqualTo(PipelineState.RUNNING);
    }

    @Test
    void one_that_nobody_resumed_holds_still_in_its_next_session() {
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.RUNNING);
        lifecycle.pause();
        lifecycle.moveTo(PipelineState.STARTING);
        lifecycle.holdIfPaused();
        assertThat(lifecycle.state()).isEqualTo(PipelineState.STARTING);
        lifecycle.moveTo(PipelineState.RUNNING);
        lifecycle.holdIfPaused();
        assertThat(lifecycle.state()).isEqualTo(PipelineState.PAUSED);
    }
}
