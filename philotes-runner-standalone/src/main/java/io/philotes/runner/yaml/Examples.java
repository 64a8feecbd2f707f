// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A value for every key, taken from the long example of the reference page. Immutable. */
final class Examples {

    /** The same text as on the page, which a test sees to. */
    static final String RESOURCE = "example.yaml";

    private static final int MAX_LENGTH = 90;

    private final String text;
    /** By record and key, and by the key alone: databases of several purposes have the same keys. */
    private final Map<String, String> byKey = new HashMap<>();

    private Examples(String text) {
        this.text = text;
        YamlDocument.parse(text, new Faults(RESOURCE)).ifPresent(root -> collect(root, PhilotesConfig.class));
    }

    static Examples ofResource() {
        try (InputStream in = Examples.class.getResourceAsStream(RESOURCE)) {
            return new Examples(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code key: value} on one line; empty when it does not fit on one. */
    Optional<String> of(Class<?> owner, String key) {
        String value = byKey.getOrDefault(owner.getName() + " " + key, byKey.get(key));
        return Optional.ofNullable(value).map(line -> key + ": " + line);
    }

    private void collect(Node node, Type type) {
        Type plain = Spot.plain(type);
        if (plain instanceof ParameterizedType generic) {
            collectAll(node, generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
        } else if (node instanceof MappingNode mapping
                && plain instanceof Class<?> record
                && !Values.isSingle(record)) {
            Map<String, RecordComponent> keys = Keys.of(record);
            for (NodeTuple tuple : mapping.getValue()) {
                String key = ((ScalarNode) tuple.getKeyNode()).getValue();
                oneLine(tuple.getValueNode()).ifPresent(line -> {
                    byKey.putIfAbsent(record.getName() + " " + key, line);
                    byKey.putIfAbsent(key, line);
                });
                collect(tuple.getValueNode(), keys.get(key).getGenericType());
            }
        }
    }

    private void collectAll(Node node, Type type) {
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> collect(item, type));
        } else if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(tuple -> collect(tuple.getValueNode(), type));
        }
    }

    private Optional<String> oneLine(Node node) {
        String written =
                text.substring(node.getStartMark().getIndex(), node.getEndMark().getIndex());
        if (written.contains("\n") && node instanceof SequenceNode sequence) {
            return oneLine(sequence.getValue().get(0)).map(first -> "[" + first + "]");
        }
        return Optional.of(written).filter(line -> !line.contains("\n") && line.length() <= MAX_LENGTH);
    }
}
