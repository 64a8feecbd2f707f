// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.iceberg.util.Tasks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedTasksTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final SharedTasks tasks = new SharedTasks(threads);

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_task_alone_runs_on_the_thread_that_asks_whether_it_is_done() {
        List<Thread> ran = new ArrayList<>();
        Future<?> task = tasks.submit(() -> ran.add(Thread.currentThread()));
        assertThat(ran).isEmpty();
        assertThat(task.isDone()).isTrue();
        assertThat(ran).containsExactly(Thread.currentThread());
    }

    @Test
    void a_task_alone_runs_on_the_thread_that_waits_for_it() throws Exception {
        List<Thread> ran = new ArrayList<>();
        tasks.submit(() -> ran.add(Thread.currentThread())).get();
        tasks.submit(() -> ran.add(Thread.currentThread())).get(1, TimeUnit.SECONDS);
        assertThat(ran).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void tasks_that_are_submitted_together_run_at_the_same_time() {
        CyclicBarrier all = new CyclicBarrier(3);
        Tasks.range(3).executeWith(tasks).run(i -> await(all));
        assertThat(all.isBroken()).isFalse();
    }

    private static void await(CyclicBarrier all) {
        try {
            all.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the tasks ran one after another", e);
        }
    }

    @Test
    void every_task_runs_once() {
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < 200; round++) {
            ran.clear();
            Tasks.range(7).executeWith(tasks).run(ran::add);
            assertThat(ran)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 7).boxed().toList());
        }
    }

    @Test
    void a_failure_reaches_who_waits() {
        Future<?> task = tasks.submit(() -> {
            throw new IllegalStateException("broken");
        });
        assertThat(task.isDone()).isTrue();
        assertThatThrownBy(task::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void who_is_interrupted_does_not_wait_for_what_another_thread_began() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<?> slow = tasks.submit(() -> {
            begun.countDown();
            return end.await(30, TimeUnit.SECONDS);
        });
        Future<?> newer = tasks.submit(() -> {});
        begun.await();
        Thread.currentThread().interrupt();
        assertThat(slow.isDone()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        end.countDown();
        assertThat(slow.isDone()).isTrue();
        assertThat(newer.isDone()).isTrue();
    }
}
