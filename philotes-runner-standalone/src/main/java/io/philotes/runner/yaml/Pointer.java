// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Turns paths into JSON pointers, by way of what is there: a key may hold dots. Stateless. */
final class Pointer {

    private static final Pattern INDEX = Pattern.compile("\\[(\\d{1,6})\\]");

    private record Step(String name, Node to, String rest) {}

    private Pointer() {}

    /** To the path's place, or to the nearest above it that is there. @param root null where there is no tree */
    static String of(Node root, String path) {
        StringBuilder pointer = new StringBuilder();
        Optional<Step> step = step(root, path);
        while (step.isPresent()) {
            pointer.append('/').append(escaped(step.get().name()));
            step = step(step.get().to(), step.get().rest());
        }
        return pointer.toString();
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static Optional<Step> step(Node at, String path) {
        if (at instanceof SequenceNode list) {
            return step(list, path);
        }
        if (at instanceof MappingNode mapping && !path.isEmpty()) {
            return mapping.getValue().stream()
                    .filter(entry -> entry.getKeyNode() instanceof ScalarNode key && leads(key.getValue(), path))
                    .map(entry -> step(((ScalarNode) entry.getKeyNode()).getValue(), entry.getValueNode(), path))
                    .max(Comparator.comparing(step -> step.name().length()));
        }
        return Optional.empty();
    }

    /** Keys may look like anything, also like half an index. */
    private static Optional<Step> step(SequenceNode list, String path) {
        Matcher index = INDEX.matcher(path);
        if (!index.lookingAt()
                || Integer.parseInt(index.group(1)) >= list.getValue().size()) {
            return Optional.empty();
        }
        Node item = list.getValue().get(Integer.parseInt(index.group(1)));
        return Optional.of(new Step(index.group(1), item, rest(path, index.end())));
    }

    private static Step step(String key, Node value, String path) {
        return new Step(key, value, rest(path, key.length()));
    }

    private static boolean leads(String key, String path) {
        return path.equals(key) || path.startsWith(key + ".") || path.startsWith(key + "[");
    }

    private static String rest(String path, int from) {
        return path.substring(from).replaceFirst("^\\.", "");
    }
}
