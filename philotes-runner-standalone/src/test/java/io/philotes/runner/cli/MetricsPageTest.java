// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.philotes.config.PhilotesConfig;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import io.philotes.metrics.micrometer.PipelineGauges;
import io.philotes.model.TableId;
import io.philotes.runner.server.OnePipeline;
import io.philotes.runner.yaml.ConfigReader;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of metrics and the registry say the same: names and tags. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "metrics.md");

    /** Name to tags, as the page has them. */
    private static Map<String, TreeSet<String>> documented() throws Exception {
        Map<String, TreeSet<String>> all = new TreeMap<>();
        Pattern.compile("^\\| `(philotes_[a-z_]+)` \\| ([a-z, ]+) \\|", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .forEach(row ->
                        all.put(row.group(1), new TreeSet<>(List.of(row.group(2).split(", ")))));
        return all;
    }

    /** The same of a scrape; a timer's parts are one. */
    private static Map<String, TreeSet<String>> scraped(String text) {
        Map<String, TreeSet<String>> all = new TreeMap<>();
        Pattern.compile("^(philotes_[a-z_]+?)(?:_count|_sum|_max)?\\{([^}]*(?:\\{[^}]*}[^}]*)*)} ", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .forEach(line -> all.put(
                        line.group(1),
                        Pattern.compile("([a-z]+)=\"")
                                .matcher(line.group(2))
                                .results()
                                .map(tag -> tag.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
        return all;
    }

    private static Object argument(Class<?> type) {
        if (type == long.class) {
            return 1L;
        }
        if (type == TableId.class) {
            return new TableId("public", "orders");
        }
        if (type == Duration.class) {
            return Duration.ofMillis(5);
        }
        return type.isEnum() ? type.getEnumConstants()[0] : "x";
    }

    @Test
    void names_and_tags_are_those_of_the_page() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MicrometerMetrics metrics = MicrometerMetrics.of(registry, "shop");
        for (Method method : PipelineMetrics.class.getDeclaredMethods()) {
            if (method.getReturnType() == void.class) {
                method.invoke(
                        metrics,
                        Arrays.stream(method.getParameterTypes())
                                .map(MetricsPageTest::argument)
                                .toArray());
            }
        }
        OnePipeline pipeline = new OnePipeline("shop", Optional::empty);
        PipelineGauges.of("shop", () -> pipeline.statuses().get(0), Clock.systemUTC())
                .bindTo(registry);
        new RequestMeters(registry).answered("GET", "/x/{id}", 200, Duration.ofMillis(1));
        PhilotesConfig config = new ConfigReader(name -> null).readText("philotes.yaml", """
                version: 1
                pipelines:
                  shop:
                    source: { url: "jdbc:postgresql://127.0.0.1:1/shop", username: a }
                    destination: { catalog: { type: local, warehouse: /nowhere } }
                    tables: [public.orders]
                """);
        try (RunnerProcess process = new RunnerProcess(config, List.of())) {
            assertThat(scraped(registry.scrape() + process.metrics())).isEqualTo(documented());
        }
    }
}
