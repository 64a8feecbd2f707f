// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.Ref;
import io.philotes.config.internal.ShortForm;
import io.philotes.config.internal.Values;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Binds nodes to the types of the configuration's components: records, lists, maps, references and scalars. Returns null for
 * a node that was reported. Used by one thread.
 */
final class Binder {

    private final Faults faults;
    private final Scalars scalars;
    private final Map<String, Place> places = new HashMap<>();

    Binder(Faults faults, Interpolation interpolation) {
        this.faults = faults;
        this.scalars = new Scalars(faults, interpolation);
    }

    /** Where a path stands, or its nearest parent. */
    Place place(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            if (places.containsKey(at)) {
                return places.get(at);
            }
        }
        return Place.START;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    Object bind(Node node, Type type, String path) {
        places.put(path, Place.of(node.getStartMark()));
        if (node.getTag().equals(Tag.NULL) && !Scalars.isConstant(node, type)) {
            faults.add(Place.of(node.getStartMark()), path, "has no value; leave the key out to get its default");
            return null;
        }
        if (!node.getTag().getValue().startsWith(Tag.PREFIX)) {
            faults.add(Place.of(node.getStartMark()), path, "tags are not supported");
            return null;
        }
        if (type instanceof ParameterizedType generic) {
            return bindGeneric(node, generic, path);
        }
        Class<?> plain = (Class<?>) type;
        if (Values.isSingle(plain)) {
            return scalars.bind(node, plain, path);
        }
        if (node instanceof ScalarNode scalar && ShortForm.existsFor(plain)) {
            String text = scalars.text(scalar, path);
            return text == null ? null : scalars.checked(scalar, path, () -> ShortForm.make(plain, text));
        }
        return new RecordBinder(this, faults, plain, path).bind(node);
    }

    private Object bindGeneric(Node node, ParameterizedType type, String path) {
        Type last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (type.getRawType() == Optional.class) {
            return Optional.ofNullable(bind(node, last, path));
        }
        if (type.getRawType() == Ref.class) {
            return bindRef(node, last, path);
        }
        return type.getRawType() == List.class ? bindList(node, last, path) : bindMap(node, last, path);
    }

    private Ref<?> bindRef(Node node, Type type, String path) {
        if (node instanceof ScalarNode scalar) {
            String name = scalars.text(scalar, path);
            return name == null ? null : Ref.to(name);
        }
        Object part = bind(node, type, path);
        return part == null ? null : Ref.inline(part);
    }

    private List<?> bindList(Node node, Type type, String path) {
        if (!(node instanceof SequenceNode sequence)) {
            faults.add(Place.of(node.getStartMark()), path, "must be a list");
            return null;
        }
        List<Object> list = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            Object value = bind(item, type, path + "[" + list.size() + "]");
            list.add(value);
        }
        return list.contains(null) ? null : list;
    }

    private Map<String, ?> bindMap(Node node, Type type, String path) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Entry entry : Entry.of(node, path, faults)) {
            map.put(entry.key(), bind(entry.value(), type, Entry.join(path, entry.key())));
        }
        return map.containsValue(null) ? null : map;
    }
}
