// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.pipeline.PipelineState;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Pipelines begin and end where Spring says so, whoever started them. */
class LifecycleTest extends ApplicationLab {

    private static final AtomicReference<PipelineState> SEEN = new AtomicReference<>();

    /** What stops next; it looks whether something still uses it. */
    record Next(PhilotesPipelines pipelines) implements SmartLifecycle {

        @Override
        public void start() {}

        @Override
        public void stop() {
            SEEN.set(pipelines.status("shop").orElseThrow().state());
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beside {

        @Bean
        Next next(PhilotesPipelines pipelines) {
            return new Next(pipelines);
        }
    }

    @Test
    void one_that_a_person_started_stops_before_what_it_uses() throws Exception {
        shop();
        try (ConfigurableApplicationContext application =
                run(database() + pipeline("") + "  auto-start: false\n", Beside.class)) {
            assertThat(pipelines(application).pipeline("shop")).isEmpty();
            pipelines(application).start("shop");
            catchUp(application);
        }
        assertThat(SEEN).hasValue(PipelineState.STOPPED);
        assertThat(ids("orders")).containsExactly(1, 2);
    }

    @Test
    void an_application_that_is_stopped_and_started_again_goes_on() throws Exception {
        shop();
        try (ConfigurableApplicationContext application = run(database() + pipeline(""))) {
            catchUp(application);
            application.stop();
            assertThat(pipelines(application).status("shop").orElseThrow().state())
                    .isEqualTo(PipelineState.STOPPED);
            sql("INSERT INTO orders VALUES (3, 1, now())");
            application.start();
            catchUp(application);
            assertThat(ids("orders")).containsExactly(1, 2, 3);
        }
    }
}
