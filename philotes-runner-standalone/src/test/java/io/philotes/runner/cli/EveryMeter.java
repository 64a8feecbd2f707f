// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.philotes.config.PhilotesConfig;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.TargetSize;
import io.philotes.metrics.WrittenFiles;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import io.philotes.metrics.micrometer.PipelineGauges;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.runner.server.OnePipeline;
import io.philotes.runner.yaml.ConfigReader;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A scrape after everything that can be told was told, once with each word that there is for it. */
final class EveryMeter {

    private static final Pattern LINE =
            Pattern.compile("^(philotes_[a-z_]+)\\{([^}]*(?:\\{[^}]*}[^}]*)*)} ", Pattern.MULTILINE);

    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    private EveryMeter() {}

    /** Name of each series, as it is scraped, to its tags, and these to the values that were seen. */
    static Map<String, Map<String, TreeSet<String>>> series() throws Exception {
        Map<String, Map<String, TreeSet<String>>> all = new TreeMap<>();
        LINE.matcher(scrape())
                .results()
                .forEach(line -> LABEL.matcher(line.group(2))
                        .results()
                        .forEach(label -> all.computeIfAbsent(line.group(1), name -> new TreeMap<>())
                                .computeIfAbsent(label.group(1), tag -> new TreeSet<>())
                                .add(label.group(2))));
        return all;
    }

    private static String scrape() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MicrometerMetrics metrics = MicrometerMetrics.of(registry, "shop");
        for (Method method : PipelineMetrics.class.getDeclaredMethods()) {
            if (method.getReturnType() == void.class && !method.getName().equals("sinkRemoved")) {
                for (int i = 0; i < words(method); i++) {
                    method.invoke(metrics, arguments(method, i));
                }
            }
        }
        OnePipeline pipeline = new OnePipeline("shop", Optional::empty);
        PipelineGauges.of("shop", "philotes_shop", () -> pipeline.statuses().get(0), Clock.systemUTC())
                .bindTo(registry);
        new RequestMeters(registry).answered("GET", "/x/{id}", 200, Duration.ofMillis(1));
        try (RunnerProcess process = new RunnerProcess(config(), List.of())) {
            return registry.scrape() + process.metrics();
        }
    }

    private static PhilotesConfig config() {
        return new ConfigReader(name -> null).readText("philotes.yaml", """
                version: 1
                pipelines:
                  shop:
                    source: { url: "jdbc:postgresql://127.0.0.1:1/shop", username: a }
                    destination: { catalog: { type: local, warehouse: /nowhere } }
                    tables: [public.orders]
                """);
    }

    /** How often a method must be called so that each constant of each of its enums comes. */
    private static int words(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .filter(Class::isEnum)
                .mapToInt(type -> type.getEnumConstants().length)
                .max()
                .orElse(1);
    }

    private static Object[] arguments(Method method, int turn) {
        return Arrays.stream(method.getParameters())
                .map(parameter -> argument(parameter, turn))
                .toArray();
    }

    private static Object argument(Parameter parameter, int turn) {
        Class<?> type = parameter.getType();
        if (type.isEnum()) {
            return type.getEnumConstants()[turn % type.getEnumConstants().length];
        }
        return switch (type.getSimpleName()) {
            case "long" -> 1L;
            case "double" -> 0.5;
            case "TableId" -> new TableId("public", "orders");
            case "Duration" -> Duration.ofMillis(5);
            case "TargetSize" -> new TargetSize(1, 1, 1, 1);
            case "List" ->
                Arrays.stream(WrittenFiles.Kind.values())
                        .map(kind -> new WrittenFiles(kind, 1, List.of(1L)))
                        .toList();
            case "ChangeBatch" -> batch();
            case "String" -> "x";
            default -> throw new IllegalStateException("no value for " + parameter);
        };
    }

    private static ChangeBatch batch() {
        RelationSchema orders =
                new RelationSchema(1, new TableId("public", "orders"), ReplicaIdentity.DEFAULT, List.of(), List.of());
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(1), 0, 1);
        builder.insert(orders, new byte[2], 0, 2);
        builder.commit(new Lsn(2));
        return builder.cutWhole();
    }

    /** Name of each meter to its tags: the parts of a timer or a summary are one. */
    static Map<String, TreeSet<String>> meters() throws Exception {
        Map<String, Map<String, TreeSet<String>>> series = series();
        Map<String, TreeSet<String>> meters = new TreeMap<>();
        series.forEach((name, tags) -> {
            String whole = name.replaceFirst("_(count|sum|max)$", "");
            boolean part = series.containsKey(whole + "_count");
            meters.put(part ? whole : name, new TreeSet<>(tags.keySet()));
        });
        return meters;
    }

    /** What a pattern finds, its first group each time. */
    static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult one) -> one.group(1))
                .collect(Collectors.toList());
    }
}
