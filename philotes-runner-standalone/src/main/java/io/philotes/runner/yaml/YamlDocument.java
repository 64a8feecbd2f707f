// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.io.StringReader;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;

/** Turns text into nodes that know their place; nothing is constructed, and what could explode is bounded. */
final class YamlDocument {

    private static final int MAX_ALIASES = 50;
    private static final int MAX_DEPTH = 30;
    private static final int MAX_CODE_POINTS = 1 << 20;

    private YamlDocument() {}

    /** The root; empty when a fault was reported. */
    static Optional<Node> parse(String yaml, Faults faults) {
        return parse(yaml, faults, MAX_ALIASES);
    }

    /**
     * The same of a text that a stranger sent: no aliases, each of which doubles what has to be looked at, and nothing of it is
     * shown, for what the parser stumbles over may be a part of a secret.
     */
    static Optional<Node> parseSent(String yaml, Faults faults) {
        try {
            for (Event event : yaml(0).parse(new StringReader(yaml))) {
                if (event.is(Event.ID.Alias)) {
                    faults.addPlainly(
                            Place.of(event.getStartMark()), "", "not YAML as a request may have it: an alias");
                    return Optional.empty();
                }
            }
            return compose(yaml, faults, 0);
        } catch (MarkedYAMLException e) {
            faults.addPlainly(Place.of(e.getProblemMark()), "", "not YAML");
        } catch (YAMLException e) {
            faults.addPlainly(Place.START, "", "not YAML");
        }
        return Optional.empty();
    }

    private static Yaml yaml(int aliases) {
        return new Yaml(new SafeConstructor(options(aliases)));
    }

    private static Optional<Node> compose(String yaml, Faults faults, int aliases) {
        Node root = yaml(aliases).compose(new StringReader(yaml));
        if (root == null) {
            faults.add(Place.START, "", "the file is empty");
        }
        return Optional.ofNullable(root);
    }

    private static Optional<Node> parse(String yaml, Faults faults, int aliases) {
        try {
            return compose(yaml, faults, aliases);
        } catch (MarkedYAMLException e) {
            faults.add(Place.of(e.getProblemMark()), "", "not YAML: " + oneLine(e.getProblem(), e.getContext()));
        } catch (YAMLException e) {
            faults.add(Place.START, "", "not YAML: " + oneLine(e.getMessage(), null));
        }
        return Optional.empty();
    }

    private static LoaderOptions options(int aliases) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(aliases);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setAllowRecursiveKeys(false);
        return options;
    }

    private static String oneLine(String problem, String context) {
        String text = context == null ? problem : problem + " (" + context + ")";
        return String.valueOf(text).replaceAll("\\s+", " ").trim();
    }
}
