// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Orders to a pipeline that says RUNNING whatever it is told: as one whose stop takes longer than it was given. */
class OrdersTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final RunningPipelines pipelines = (RunningPipelines) Proxy.newProxyInstance(
            RunningPipelines.class.getClassLoader(), new Class<?>[] {RunningPipelines.class}, (all, method, args) -> {
                asked.add(method.getName());
                return null;
            });
    private final Operations operations = new Operations(Clock.systemUTC());
    private final Orders orders = new Orders(pipelines, operations);
    private final PipelineStatus running =
            new OnePipeline("shop", Optional::empty).statuses().get(0);

    private void awaitOrders() {
        Awaitility.await().until(() -> operations.list().stream().allMatch(Operation::isOver));
    }

    @Test
    void a_start_behind_a_stop_that_is_not_through_is_given_on() {
        orders.stop(running);
        awaitOrders();
        orders.start(running);
        awaitOrders();
        assertThat(asked).containsExactly("stop", "start");
        assertThat(orders.desired("shop")).isEqualTo(PipelineState.RUNNING);
        orders.start(running);
        awaitOrders();
        assertThat(asked).as("one that shall run already goes on").containsExactly("stop", "start", "resume");
    }
}
