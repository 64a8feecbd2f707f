// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.ConfigProblem;
import io.philotes.config.ConfigRules;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.SourceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A configuration, or a part of one, that a caller of the server sent. Nothing of this machine is looked up for it, neither
 * variables nor files: whoever may send one could else read what is in them. Immutable.
 */
public final class SentText {

    private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final String FILE = "names a file of the server's machine, which a request may not";

    private final Optional<Node> root;
    private final Faults syntax;

    private SentText(Optional<Node> root, Faults syntax) {
        this.root = root;
        this.syntax = syntax;
    }

    public static SentText json(String text) {
        Faults syntax = Faults.ofSent(PhilotesConfig.class);
        return new SentText(JsonDocument.parse(text, syntax), syntax);
    }

    public static SentText yaml(String text) {
        Faults syntax = Faults.ofSent(PhilotesConfig.class);
        return new SentText(YamlDocument.parseSent(text, syntax), syntax);
    }

    /** Whether it is a pipeline by itself, with none of the keys that only a whole configuration has. */
    public boolean isPipeline() {
        return root.filter(node -> node instanceof MappingNode mapping
                        && mapping.getValue().stream()
                                .noneMatch(entry -> entry.getKeyNode() instanceof ScalarNode key
                                        && (key.getValue().equals("version")
                                                || key.getValue().equals("pipelines"))))
                .isPresent();
    }

    /** As the file. */
    public Examined<PhilotesConfig> configuration() {
        return examine(PhilotesConfig.class, Interpolation.withoutLookup(), ConfigRules::problems);
    }

    /**
     * As what stands under a pipeline's name.
     *
     * @param name which name; a pipeline that has it already is as if it were not there
     * @param beside what it would stand beside: sources and lakes that it may name, and pipelines that it must not meet
     */
    public Examined<PipelineConfig> pipeline(String name, PhilotesConfig beside) {
        return examine(
                PipelineConfig.class, Interpolation.withoutLookup(), pipeline -> problems(name, pipeline, beside));
    }

    private static List<ConfigProblem> problems(String name, PipelineConfig pipeline, PhilotesConfig beside) {
        Map<String, PipelineConfig> pipelines = new LinkedHashMap<>(beside.pipelines());
        // Last: where two meet, the later one is told.
        pipelines.remove(name);
        pipelines.put(name, pipeline);
        PhilotesConfig whole = new PhilotesConfig(
                PhilotesConfig.VERSION,
                beside.sources(),
                beside.destinations(),
                pipelines,
                beside.state(),
                beside.server(),
                beside.logging());
        String path = "pipelines." + name;
        return ConfigRules.problems(whole).stream()
                .filter(problem -> problem.path().equals(path) || problem.path().startsWith(path + "."))
                .map(problem -> new ConfigProblem(
                        problem.path().substring(path.length()).replaceFirst("^\\.", ""), problem.message()))
                .toList();
    }

    /** As what stands under {@code source}; without references, and without what names a file. */
    public Examined<SourceConfig> source() {
        Examined<SourceConfig> source = examine(SourceConfig.class, Interpolation.refusing(), SentText::problems);
        return new Examined<>(
                source.value(),
                source.faults().stream().map(Remark::withoutReference).toList(),
                source.unresolved());
    }

    private static List<ConfigProblem> problems(SourceConfig source) {
        List<ConfigProblem> problems = new ArrayList<>();
        if (host(source.url()).contains(",")) {
            problems.add(new ConfigProblem("url", "must name exactly one host in a request"));
        }
        source.socket().ifPresent(file -> problems.add(new ConfigProblem("socket", FILE)));
        source.ssl().rootCert().ifPresent(file -> problems.add(new ConfigProblem("ssl.root-cert", FILE)));
        if (source.connectTimeout().compareTo(MAX_CONNECT_TIMEOUT) > 0) {
            problems.add(new ConfigProblem("connect-timeout", "must be at most 30s in a request"));
        }
        return problems;
    }

    /** Of {@code jdbc:postgresql://host:port/database}, what stands before the database. */
    private static String host(String url) {
        return url.replaceFirst("^[^/]*//", "").replaceFirst("(?s)/.*", "");
    }

    private <T> Examined<T> examine(
            Class<T> type, Interpolation interpolation, Function<T, List<ConfigProblem>> rules) {
        if (root.isEmpty()) {
            return new Examined<>(Optional.empty(), syntax.remarks(null), List.of());
        }
        Faults faults = Faults.ofSent(type);
        Binder binder = new Binder(faults, interpolation);
        Optional<T> value = Optional.ofNullable(type.cast(binder.bind(root.get(), type, "")));
        value.ifPresent(bound -> rules.apply(bound)
                .forEach(
                        problem -> faults.addPlainly(binder.place(problem.path()), problem.path(), problem.message())));
        return new Examined<>(
                value.filter(bound -> faults.count() == 0), faults.remarks(root.get()), faults.unresolved(root.get()));
    }
}
