// SPDX-License-Identifier: Apache-2.0
package io.philotes.group.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Attempts to start, and what becomes of them when somebody thinks otherwise meanwhile. */
class MemberTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static PhilotesException away() {
        return new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot connect: scripted");
    }

    @Test
    void an_error_at_the_start_is_told_and_the_member_may_start_again() throws InterruptedException {
        Member member = new Member("m", () -> {
            throw new NoClassDefFoundError("pool");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(member::startHere)
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFECT));
            assertThat(member.status().state()).isEqualTo(PipelineState.FAILED);
            assertThat(member.hasEnded()).isTrue();
            member.awaitStarted();
        }
    }

    @Test
    void of_two_starts_at_once_one_counts() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Member member = new Member("m", () -> {
            asked.incrementAndGet();
            begun.countDown();
            awaitQuietly(goOn);
            throw new IllegalStateException("scripted");
        });
        member.begin(Duration.ZERO);
        begun.await();
        member.begin(Duration.ZERO);
        member.startHere();
        assertThat(member.status().state()).isEqualTo(PipelineState.STARTING);
        goOn.countDown();
        member.awaitStarted();
        assertThat(asked).hasValue(1);
    }

    @Test
    void what_is_stopped_while_it_tries_again_rests_and_goes_on_when_it_is_wanted_again() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(2);
        Member member = new Member("m", () -> {
            (first.getCount() > 0 ? first : later).countDown();
            throw away();
        });
        member.begin(LONG);
        first.await();
        member.stop(LONG);
        assertThat(member.status().state()).isEqualTo(PipelineState.STOPPED);
        member.begin(LONG);
        later.await();
        member.close();
        assertThat(member.hasEnded()).isTrue();
        assertThat(member.failure())
                .hasValueSatisfying(why -> assertThat(why.code())
                        .as("why it could not start is known after the end")
                        .isEqualTo(ErrorCode.SOURCE_UNREACHABLE));
    }

    @Test
    void a_start_behind_a_stop_that_takes_too_long_follows_the_end_and_is_not_forgotten() throws InterruptedException {
        List<SlowPipeline> started = new CopyOnWriteArrayList<>();
        Member member = new Member(
                () -> {
                    SlowPipeline pipeline = new SlowPipeline();
                    started.add(pipeline);
                    return pipeline;
                },
                "m");
        member.startHere();
        member.stop(Duration.ZERO);
        member.startHere();
        assertThat(member.status().state())
                .as("a process must not end, nor a person be told of rest, where a start is asked for")
                .isEqualTo(PipelineState.STARTING);
        assertThat(member.hasEnded()).isFalse();
        assertThat(started).as("two of one name would meet at the slot").hasSize(1);
        started.get(0).end();
        member.awaitStarted();
        assertThat(started).hasSize(2);
        assertThat(member.status().state()).isEqualTo(PipelineState.RUNNING);
        member.begin(Duration.ZERO);
        assertThat(started).as("one that runs goes on").hasSize(2);
        started.get(1).end();
        member.close();
    }

    @Test
    void what_is_stopped_again_while_its_start_waits_for_the_end_rests() throws InterruptedException {
        SlowPipeline first = new SlowPipeline();
        Member member = new Member(() -> first, "m");
        member.startHere();
        member.stop(Duration.ZERO);
        member.begin(Duration.ZERO);
        member.stop(LONG);
        assertThat(member.status().state())
                .as("whoever waits for STOPPED sees it")
                .isEqualTo(PipelineState.STOPPED);
        first.end();
        member.close();
        assertThat(member.hasEnded()).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
