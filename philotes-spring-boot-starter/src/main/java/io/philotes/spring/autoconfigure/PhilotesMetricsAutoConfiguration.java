// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.philotes.spring.PhilotesPipelines;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Every pipeline's metrics in the application's {@code MeterRegistry}, where there is one. */
@AutoConfiguration(after = PhilotesAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(PhilotesPipelines.class)
public final class PhilotesMetricsAutoConfiguration {

    @Bean
    MeteredPipelines philotesMeters(
            ObjectProvider<MeterRegistry> registry,
            ObjectProvider<PhilotesPipelines> pipelines,
            ObjectProvider<Starter> starter) {
        return new MeteredPipelines(registry, pipelines, starter);
    }
}
