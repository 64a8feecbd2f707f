// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.config.PhilotesConfig;
import io.philotes.pipeline.PipelineListener;
import io.philotes.spring.PhilotesPipelines;
import io.philotes.spring.PhilotesSourceConnectionDetails;
import io.philotes.spring.PipelineCustomizer;
import io.philotes.spring.properties.ApplicationDefaults;
import io.philotes.spring.properties.PhilotesProperties;
import io.philotes.spring.properties.PropertyReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Pipelines from the properties under {@code philotes}, unless {@code philotes.enabled} is false. */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnProperty(name = "philotes.enabled", havingValue = "true", matchIfMissing = true)
public final class PhilotesAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(PhilotesAutoConfiguration.class);

    /** What {@code spring.lifecycle.timeout-per-shutdown-phase} is without a word. */
    private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

    /** A source without a url is the application's own database. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbcConnectionDetails.class)
    static class ApplicationDatabase {

        @Bean
        @ConditionalOnMissingBean(PhilotesSourceConnectionDetails.class)
        @ConditionalOnSingleCandidate(JdbcConnectionDetails.class)
        JdbcSourceConnectionDetails philotesSourceConnectionDetails(JdbcConnectionDetails application) {
            return new JdbcSourceConnectionDetails(application);
        }
    }

    @Bean
    BeanParts philotesParts(ConfigurableListableBeanFactory beans, ObjectProvider<PhilotesProperties> properties) {
        return new BeanParts(
                beans, () -> List.copyOf(properties.getObject().pipelines().keySet()));
    }

    @Bean
    PhilotesProperties philotesProperties(
            ConfigurableEnvironment environment,
            BeanParts parts,
            ObjectProvider<PhilotesSourceConnectionDetails> details) {
        ApplicationDefaults defaults =
                new ApplicationDefaults(Optional.ofNullable(details.getIfAvailable()), parts.hasCatalog());
        return new PropertyReader(environment, defaults).read(parts);
    }

    @Bean
    Starter philotesStarter(
            PhilotesProperties properties,
            BeanParts parts,
            ObjectProvider<PipelineListener> listeners,
            ObjectProvider<PipelineCustomizer> customizers) {
        PhilotesConfig config = properties.config();
        LOG.info("Philotes: {}", config);
        return new Starter(config, parts, listeners, customizers);
    }

    @Bean
    PhilotesPipelines philotesPipelines(PhilotesProperties properties, Starter starter) {
        return new PhilotesPipelines(List.copyOf(properties.pipelines().keySet()), starter::builder);
    }

    @Bean
    PhilotesLifecycle philotesLifecycle(
            PhilotesPipelines pipelines,
            Starter starter,
            PhilotesProperties properties,
            ConfigurableEnvironment environment) {
        Duration phaseTimeout = Binder.get(environment)
                .bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
                .orElse(DEFAULT_PHASE_TIMEOUT);
        return new PhilotesLifecycle(pipelines, starter, properties.autoStart(), phaseTimeout);
    }
}
