// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * One key and its value in a mapping. Immutable.
 *
 * @param key the key's text
 * @param place where the key stands
 * @param value the value
 */
record Entry(String key, Place place, Node value) {

    /** It is in the path of everything below it. */
    private static final int MAX_KEY = 256;

    /** A mapping's entries; what is not a mapping, and a key that comes twice, are reported. */
    static List<Entry> of(Node node, String path, Faults faults) {
        if (!(node instanceof MappingNode mapping)) {
            faults.add(Place.of(node.getStartMark()), path, "must be a mapping of keys to values");
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, Place> seen = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place place = Place.of(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                faults.add(place, path, "a key must be plain text");
                continue;
            }
            if (scalar.getValue().length() > MAX_KEY) {
                faults.add(place, path, "a key must have at most " + MAX_KEY + " characters");
                continue;
            }
            Place first = seen.putIfAbsent(scalar.getValue(), place);
            if (first == null) {
                entries.add(new Entry(scalar.getValue(), place, tuple.getValueNode()));
            } else {
                faults.add(place, join(path, scalar.getValue()), "is there twice; first on line " + first.line());
            }
        }
        return entries;
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
