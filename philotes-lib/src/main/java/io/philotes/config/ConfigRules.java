// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.pipeline.RowPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules that reach across the tree: names that must exist, and things that two pipelines must not share. Stateless. */
public final class ConfigRules {

    private static final String PIPELINE_NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,49}";

    private final PhilotesConfig config;
    private final OwnParts own;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigRules(PhilotesConfig config, OwnParts own) {
        this.config = config;
        this.own = own;
    }

    /** Everything that is wrong, in the file's order; empty when nothing is. */
    public static List<ConfigProblem> problems(PhilotesConfig config) {
        return problems(config, OwnParts.NONE);
    }

    /** The same for an application that brings some parts itself. */
    public static List<ConfigProblem> problems(PhilotesConfig config, OwnParts own) {
        ConfigRules rules = new ConfigRules(config, own);
        rules.check();
        return List.copyOf(rules.problems);
    }

    private void check() {
        if (config.pipelines().isEmpty()) {
            report("pipelines", "must hold at least one pipeline");
        }
        config.pipelines().forEach(this::checkPipeline);
        checkSlots();
        checkTargets();
    }

    private void checkPipeline(String name, PipelineConfig pipeline) {
        String path = "pipelines." + name;
        if (!name.matches(PIPELINE_NAME)) {
            report(path, "a pipeline's name is made of letters, digits, '_' and '-', at most 50");
        }
        pipeline.source().name().ifPresent(n -> checkName(path + ".source", "source", n, config.sources()));
        pipeline.destination()
                .flatMap(Ref::name)
                .ifPresent(n -> checkName(path + ".destination", "destination", n, config.destinations()));
        pipeline.destinations().forEach(n -> checkFurther(path + ".destinations", n));
        checkSinks(path, name, pipeline);
        checkBuffer(path + ".buffer", pipeline.buffer());
        checkDeadLetters(path + ".on-error.dead-letters", pipeline.onError().deadLetters());
        boolean needsQueue = pipeline.onError().row() == RowPolicy.DEAD_LETTER && !own.hasDeadLetters(name);
        if (needsQueue && !keepsLetters(pipeline.onError().deadLetters())) {
            report(path + ".on-error", "row is dead-letter, and state of type lake keeps none: name dead-letters.type");
        }
    }

    private void checkSinks(String path, String name, PipelineConfig pipeline) {
        if (pipeline.sinks().isEmpty() && !own.hasSinks(name)) {
            report(path, "the key 'destination' is missing");
        }
        if (pipeline.sinks().size() > 1 && config.state().type() == StateType.LAKE) {
            report(
                    path + ".destinations",
                    "several need a state of type file or postgres: each lake may be away for a while");
        }
    }

    private boolean keepsLetters(DeadLettersConfig letters) {
        return letters.type().isPresent() || config.state().type() != StateType.LAKE;
    }

    private void checkDeadLetters(String path, DeadLettersConfig letters) {
        if (letters.type().equals(Optional.of(DeadLettersType.POSTGRES))
                && letters.database().isEmpty()
                && config.state().database().isEmpty()) {
            report(path, "type postgres needs a url, here or in state");
        }
    }

    private void checkFurther(String path, String name) {
        checkName(path, "destination", name, config.destinations());
        if (!name.matches(PIPELINE_NAME) || name.equals(PipelineConfig.DEFAULT_SINK)) {
            report(
                    path,
                    "the name '" + name + "' cannot be a sink's: letters, digits, '_' and '-', at most 50, and not '"
                            + PipelineConfig.DEFAULT_SINK + "'");
        }
    }

    private void checkBuffer(String path, BufferConfig buffer) {
        if (buffer.typeBeside(config.state()) == BufferType.POSTGRES
                && buffer.database().isEmpty()
                && config.state().database().isEmpty()) {
            report(path, "type postgres needs a url, here or in state");
        }
    }

    private void checkName(String path, String what, String name, Map<String, ?> known) {
        if (!known.containsKey(name)) {
            String names = known.isEmpty() ? "there are none" : "there is " + String.join(", ", known.keySet());
            report(path, "no " + what + " is called '" + name + "': " + names);
        }
    }

    private void checkSlots() {
        Map<String, String> owners = new HashMap<>();
        config.pipelines()
                .forEach((name, pipeline) -> source(pipeline).ifPresent(source -> {
                    String slot = source.slot().name().orElse(Targets.atSource(name));
                    String owner = owners.putIfAbsent(source.url() + " " + slot, name);
                    if (owner != null) {
                        report("pipelines." + name, "has the same replication slot as pipeline " + owner + ": " + slot);
                    }
                }));
    }

    private Optional<SourceConfig> source(PipelineConfig pipeline) {
        return pipeline.source().inline().or(() -> pipeline.source().name().map(config.sources()::get));
    }

    private void checkTargets() {
        Map<String, String> owners = new HashMap<>();
        config.pipelines()
                .forEach((name, pipeline) -> pipeline.sinks().values().stream()
                        .flatMap(ref -> ref.name().stream())
                        .forEach(lake -> {
                            for (TableConfig table : pipeline.tables()) {
                                String target = lake + " " + Targets.text(name, pipeline, table);
                                String owner = table.isPattern() ? null : owners.putIfAbsent(target, name);
                                if (owner != null && !owner.equals(name)) {
                                    report(
                                            "pipelines." + name,
                                            "writes to the same target as pipeline " + owner + ": " + table.table());
                                }
                            }
                        }));
    }

    private void report(String path, String message) {
        problems.add(new ConfigProblem(path, message));
    }
}
