// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.spring.PhilotesPipelines;
import io.philotes.spring.actuate.PhilotesEndpoint;
import io.philotes.spring.actuate.PhilotesEndpointWebExtension;
import io.philotes.spring.actuate.PhilotesInfoContributor;
import io.philotes.spring.actuate.PipelineHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health, info and an endpoint of the pipelines, where the application has Actuator. */
@AutoConfiguration(after = PhilotesAutoConfiguration.class)
@ConditionalOnBean(PhilotesPipelines.class)
public final class PhilotesActuatorAutoConfiguration {

    /** One entry per pipeline. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("philotes")
    static class Health {

        @Bean
        @ConditionalOnMissingBean(name = "philotesHealthContributor")
        CompositeHealthContributor philotesHealthContributor(PhilotesPipelines pipelines) {
            Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
            pipelines.names().forEach(name -> indicators.put(name, new PipelineHealth(pipelines, name)));
            return CompositeHealthContributor.fromMap(indicators);
        }
    }

    /** {@code /actuator/philotes}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    @ConditionalOnAvailableEndpoint(endpoint = PhilotesEndpoint.class)
    static class Operations {

        @Bean
        @ConditionalOnMissingBean
        PhilotesEndpoint philotesEndpoint(PhilotesPipelines pipelines) {
            return new PhilotesEndpoint(pipelines);
        }

        @Bean
        @ConditionalOnMissingBean
        PhilotesEndpointWebExtension philotesEndpointWebExtension(PhilotesEndpoint endpoint) {
            return new PhilotesEndpointWebExtension(endpoint);
        }
    }

    /** {@code info.philotes}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
    @ConditionalOnEnabledInfoContributor("philotes")
    static class Information {

        @Bean
        @ConditionalOnMissingBean
        PhilotesInfoContributor philotesInfoContributor(PhilotesPipelines pipelines) {
            return new PhilotesInfoContributor(pipelines);
        }
    }
}
