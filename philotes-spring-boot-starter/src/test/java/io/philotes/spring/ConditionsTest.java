// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.philotes.sink.Sink;
import io.philotes.sink.Sinks;
import io.philotes.spring.actuate.PhilotesEndpoint;
import io.philotes.spring.actuate.PhilotesInfoContributor;
import io.philotes.spring.autoconfigure.PhilotesActuatorAutoConfiguration;
import io.philotes.spring.autoconfigure.PhilotesAutoConfiguration;
import io.philotes.spring.autoconfigure.PhilotesMetricsAutoConfiguration;
import io.philotes.spring.properties.ApplicationDefaults;
import io.philotes.spring.properties.PhilotesProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the application has decides what it gets; nothing of this needs a database. */
class ConditionsTest {

    private static final String PIPELINE = """
            philotes:
              auto-start: false
              pipelines:
                shop:
                  source: { url: "jdbc:postgresql://db/shop", username: philotes }
                  destination: { catalog: { type: local, warehouse: /srv/lake } }
                  tables: [public.orders]
            """;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    PhilotesAutoConfiguration.class,
                    PhilotesMetricsAutoConfiguration.class,
                    PhilotesActuatorAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=*")
            .withInitializer(YamlProperties.of(PIPELINE));

    @Test
    void they_are_found_by_spring_boot() throws IOException {
        String name = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";
        try (var file = getClass().getClassLoader().getResourceAsStream(name)) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .containsExactly(
                            PhilotesAutoConfiguration.class.getName(),
                            PhilotesMetricsAutoConfiguration.class.getName(),
                            PhilotesActuatorAutoConfiguration.class.getName());
        }
    }

    @Test
    void with_everything_there_is_everything() {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(PhilotesPipelines.class).names()).containsExactly("shop");
            assertThat(context.getBean(PhilotesPipelines.class).pipeline("shop"))
                    .isEmpty();
            assertThat(context).hasSingleBean(PhilotesEndpoint.class).hasSingleBean(PhilotesInfoContributor.class);
            assertThat(context.getBean("philotesHealthContributor", CompositeHealthContributor.class).stream()
                            .map(entry -> entry.name()))
                    .containsExactly("shop");
        });
    }

    @Test
    void switched_off_there_is_nothing() {
        runner.withPropertyValues("philotes.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(PhilotesPipelines.class)
                        .doesNotHaveBean(PhilotesEndpoint.class)
                        .doesNotHaveBean("philotesHealthContributor")
                        .doesNotHaveBean(PipelineCustomizer.class));
    }

    @ParameterizedTest
    @ValueSource(classes = {JdbcConnectionDetails.class, MeterRegistry.class, Endpoint.class, HealthIndicator.class})
    void no_part_of_spring_boot_but_the_core_is_needed(Class<?> absent) {
        runner.withClassLoader(new FilteredClassLoader(absent))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(PhilotesPipelines.class));
    }

    @Test
    void without_actuator_there_is_no_health_and_no_endpoint() {
        runner.withClassLoader(new FilteredClassLoader(Endpoint.class, HealthIndicator.class, InfoContributor.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(PhilotesPipelines.class)
                        .doesNotHaveBean("philotesHealthContributor")
                        .doesNotHaveBean("philotesEndpoint"));
    }

    @Test
    void each_part_of_actuator_can_be_switched_off() {
        runner.withPropertyValues(
                        "management.health.philotes.enabled=false",
                        "management.endpoint.philotes.access=NONE",
                        "management.info.philotes.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("philotesHealthContributor")
                        .doesNotHaveBean(PhilotesEndpoint.class)
                        .doesNotHaveBean(PhilotesInfoContributor.class));
    }

    @Test
    void a_pipeline_that_has_not_started_is_shown_as_such() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            assertThat(context.getBean(PhilotesEndpoint.class).pipelines().toString())
                    .contains("shop={state=CREATED");
            assertThat(context.getBean(PhilotesEndpoint.class).pipeline("none")).isNull();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCatalog {

        @Bean
        Catalog lake() {
            InMemoryCatalog catalog = new InMemoryCatalog();
            catalog.initialize("lake", Map.of());
            return catalog;
        }
    }

    @Test
    void the_applications_catalog_needs_no_destination() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PhilotesAutoConfiguration.class))
                .withUserConfiguration(OwnCatalog.class)
                .withInitializer(YamlProperties.of(PIPELINE.replaceAll("(?m)^.*destination:.*\\R", "")))
                .run(context -> assertThat(context.getBean(PhilotesProperties.class)
                                .pipelines()
                                .get("shop")
                                .destination()
                                .orElseThrow()
                                .inline()
                                .orElseThrow()
                                .catalog())
                        .isSameAs(ApplicationDefaults.OWN_CATALOG));
    }

    @Test
    void without_any_destination_the_applications_sinks_are_enough() {
        ApplicationContextRunner bare = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PhilotesAutoConfiguration.class))
                .withInitializer(YamlProperties.of(PIPELINE.replaceAll("(?m)^.*destination:.*\\R", "")));
        bare.run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContaining("philotes.pipelines.shop: the key 'destination' is missing"));
        bare.withBean("audit", Sink.class, () -> Sinks.forEach(change -> {}))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void a_bean_that_could_be_any_pipelines_is_refused() {
        String two =
                PIPELINE + PIPELINE.substring(PIPELINE.indexOf("    shop:")).replace("shop:", "crm:");
        runner.withInitializer(YamlProperties.of(two.replace("auto-start: false", "auto-start: true")))
                .withBean("audit", Sink.class, () -> Sinks.forEach(change -> {}))
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(context.getStartupFailure())
                            .hasStackTraceContaining(
                                    "Cannot choose the Sink of the pipeline shop among the beans audit")
                            .hasCauseInstanceOf(PipelineStartException.class);
                });
    }
}
