// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.pipeline.RowPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules that reach across the tree: names that must exist, and things that two pipelines must not share. Stateless. */
public final class ConfigRules {

    private static final String PIPELINE_NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,49}";

    /** Of the names that are there, so many are told where one is not. */
    private static final int MAX_NAMES = 10;

    /** So much of a name is shown. */
    private static final int MAX_SHOWN = 100;

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
        checkPublications();
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
                    "the name '" + clipped(name)
                            + "' cannot be a sink's: letters, digits, '_' and '-', at most 50, and not '"
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
            String names = known.isEmpty() ? "there are none" : "there is " + first(known.keySet());
            report(path, "no " + what + " is called '" + clipped(name) + "': " + names);
        }
    }

    /** A few: where there are many names, a wrong one in many places would else fill the memory. */
    private static String first(Set<String> names) {
        String few = names.stream().limit(MAX_NAMES).map(ConfigRules::clipped).collect(Collectors.joining(", "));
        return names.size() <= MAX_NAMES ? few : few + ", and " + (names.size() - MAX_NAMES) + " more";
    }

    private static String clipped(String name) {
        return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…";
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

    /** Who manages a publication takes out what is not its own: changes that another pipeline wants are in no stream then. */
    private void checkPublications() {
        Map<String, String> users = new HashMap<>();
        Map<String, String> managers = new HashMap<>();
        config.pipelines()
                .forEach((name, pipeline) -> source(pipeline).ifPresent(source -> {
                    String publication = source.publication().name().orElse(Targets.atSource(name));
                    String place = source.url() + " " + publication;
                    String other = (source.publication().manage() ? users : managers).get(place);
                    if (other != null) {
                        report(
                                "pipelines." + name,
                                "has the same publication as pipeline " + other
                                        + ", and the one that manages it takes the other's tables out: " + publication
                                        + "; name another one, or say manage: false for both");
                    }
                    users.putIfAbsent(place, name);
                    if (source.publication().manage()) {
                        managers.putIfAbsent(place, name);
                    }
                }));
    }

    private Optional<SourceConfig> source(PipelineConfig pipeline) {
        return pipeline.source().inline().or(() -> pipeline.source().name().map(config.sources()::get));
    }

    /** One entry for each table, not for each table in each lake: those may be many. */
    private void checkTargets() {
        Map<String, Set<String>> lakes = new HashMap<>();
        Map<String, List<String>> owners = new HashMap<>();
        config.pipelines().forEach((name, pipeline) -> {
            lakes.put(name, lakes(pipeline));
            for (TableConfig table : pipeline.tables()) {
                if (!table.isPattern()) {
                    checkTarget(name, table, owners, lakes);
                }
            }
        });
    }

    private void checkTarget(
            String name, TableConfig table, Map<String, List<String>> owners, Map<String, Set<String>> lakes) {
        String target = Targets.text(name, config.pipelines().get(name), table);
        List<String> others = owners.computeIfAbsent(target, text -> new ArrayList<>());
        others.stream()
                .filter(other -> !other.equals(name) && !Collections.disjoint(lakes.get(other), lakes.get(name)))
                .findFirst()
                .ifPresent(owner -> report(
                        "pipelines." + name, "writes to the same target as pipeline " + owner + ": " + table.table()));
        others.add(name);
    }

    private static Set<String> lakes(PipelineConfig pipeline) {
        return pipeline.sinks().values().stream()
                .flatMap(ref -> ref.name().stream())
                .collect(Collectors.toSet());
    }

    private void report(String path, String message) {
        problems.add(new ConfigProblem(path, message));
    }
}
