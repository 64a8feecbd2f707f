// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.Required;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.Records;
import io.philotes.config.internal.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;

/** Binds one mapping to one record. */
final class RecordBinder {

    private final Binder binder;
    private final Faults faults;
    private final Class<?> type;
    private final String path;
    private final Map<String, RecordComponent> keys;

    RecordBinder(Binder binder, Faults faults, Class<?> type, String path) {
        this.binder = binder;
        this.faults = faults;
        this.type = type;
        this.path = path;
        this.keys = Keys.of(type);
    }

    /** The record; null when anything in it was reported. */
    Object bind(Node node) {
        int before = faults.count();
        Map<String, Object> values = new HashMap<>();
        Map<String, Place> places = new HashMap<>();
        for (Entry entry : Entry.of(node, path, faults)) {
            RecordComponent component = keys.get(entry.key());
            if (component == null) {
                String message = "unknown key" + Suggestion.text(entry.key(), keys.keySet());
                faults.add(entry.place(), Entry.join(path, entry.key()), message);
                continue;
            }
            places.put(entry.key(), entry.place());
            values.put(
                    entry.key(), binder.bind(entry.value(), component.getGenericType(), Entry.join(path, entry.key())));
        }
        Place start = Place.of(node.getStartMark());
        if (faults.count() == before || places.size() > 0) {
            reportMissing(places, start);
        }
        if (faults.count() == before) {
            return make(values, places, start);
        }
        findMore(values, places);
        return null;
    }

    private void reportMissing(Map<String, Place> places, Place start) {
        keys.forEach((key, component) -> {
            if (component.isAnnotationPresent(Required.class) && !places.containsKey(key)) {
                faults.addMissing(start, path, key);
            }
        });
    }

    private Object make(Map<String, Object> values, Map<String, Place> places, Place start) {
        try {
            return Records.make(type, values);
        } catch (IllegalArgumentException refused) {
            report(refused.getMessage(), places, start);
            values.remove(keyOf(refused.getMessage()));
            findMore(values, places);
            return null;
        }
    }

    /** A record tells the first thing that it refuses; what is wrong with other keys by themselves is found without that one. */
    private void findMore(Map<String, Object> values, Map<String, Place> places) {
        while (keys.entrySet().stream()
                .allMatch(key ->
                        !key.getValue().isAnnotationPresent(Required.class) || values.get(key.getKey()) != null)) {
            try {
                Records.make(type, values);
                return;
            } catch (IllegalArgumentException refused) {
                String key = keyOf(refused.getMessage());
                if (values.remove(key) == null || !refused.getMessage().startsWith(key + " must")) {
                    return;
                }
                report(refused.getMessage(), places, places.get(key));
            }
        }
    }

    private static String keyOf(String message) {
        return message.split("[ :]", 2)[0];
    }

    /**
     * A record's message begins with the key that it speaks of, where there is one. An example mends a value; what is said of
     * several keys, or says itself what to do, it would contradict.
     */
    private void report(String message, Map<String, Place> places, Place start) {
        String key = keyOf(message);
        if (!places.containsKey(key) || !message.startsWith(key + " ")) {
            faults.addPlainly(start, path, message);
        } else if (message.startsWith(key + " and ")) {
            faults.addPlainly(places.get(key), path, message);
        } else if (message.startsWith(key + " must") && !message.contains(": ")) {
            faults.add(places.get(key), Entry.join(path, key), message.substring(key.length() + 1));
        } else {
            faults.addPlainly(places.get(key), Entry.join(path, key), message.substring(key.length() + 1));
        }
    }
}
