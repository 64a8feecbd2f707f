// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The long example as maps and lists, to be changed for a test; and where each record of the configuration is in it. */
final class WholeExample {

    private final Map<String, Object> root;
    /** Paths of the records in it, each kind once. */
    private final Map<Class<?>, List<Object>> places = new LinkedHashMap<>();

    WholeExample() {
        try (InputStream in = Examples.class.getResourceAsStream(Examples.RESOURCE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            root = new Yaml().load(text.replaceAll("\\$\\{file:[^}]*}", "x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        find(root, PhilotesConfig.class, List.of());
    }

    /** Every kind of record with the path of one of it. */
    Map<Class<?>, List<Object>> places() {
        return places;
    }

    private void find(Object at, Type type, List<Object> path) {
        Type plain = Spot.plain(type);
        if (plain instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (at instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    find(list.get(i), inner, with(path, i));
                }
            } else if (at instanceof Map<?, ?> map) {
                map.forEach((key, value) -> find(value, inner, with(path, key)));
            }
        } else if (plain instanceof Class<?> record && !Values.isSingle(record) && at instanceof Map<?, ?> map) {
            places.putIfAbsent(record, path);
            Keys.of(record)
                    .forEach((key, component) -> find(map.get(key), component.getGenericType(), with(path, key)));
        }
    }

    static List<Object> with(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    /** The mapping at the path, to be changed. */
    @SuppressWarnings("unchecked")
    Map<String, Object> mapping(List<Object> path) {
        Object at = root;
        for (Object step : path) {
            at = step instanceof Integer index ? ((List<Object>) at).get(index) : ((Map<String, Object>) at).get(step);
        }
        return (Map<String, Object>) at;
    }

    String yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(root);
    }

    /** As messages write it. */
    static String text(List<Object> path) {
        StringBuilder text = new StringBuilder();
        path.forEach(step ->
                text.append(step instanceof Integer ? "[" + step + "]" : (text.length() == 0 ? "" : ".") + step));
        return text.toString();
    }

    /** The lines on which a key and its value begin in a text; of an element of a list both are its own. */
    static List<Integer> lines(String yaml, List<Object> path) {
        Node at = YamlDocument.parse(yaml, new Faults("x")).orElseThrow();
        int keyLine = 1;
        for (Object step : path) {
            if (step instanceof Integer index) {
                at = ((SequenceNode) at).getValue().get(index);
                keyLine = at.getStartMark().getLine() + 1;
            } else {
                NodeTuple tuple = ((MappingNode) at)
                        .getValue().stream()
                                .filter(t ->
                                        ((ScalarNode) t.getKeyNode()).getValue().equals(step))
                                .findFirst()
                                .orElseThrow();
                keyLine = tuple.getKeyNode().getStartMark().getLine() + 1;
                at = tuple.getValueNode();
            }
        }
        return List.of(keyLine, at.getStartMark().getLine() + 1);
    }
}
