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
        return faults.count() == before ? make(values, places, start) : null;
    }

    private void reportMissing(Map<String, Place> places, Place start) {
        keys.forEach((key, component) -> {
            if (component.isAnnotationPresent(Required.class) && !places.containsKey(key)) {
                faults.add(start, path, "the key '" + key + "' is missing");
            }
        });
    }

    private Object make(Map<String, Object> values, Map<String, Place> places, Place start) {
        try {
            return Records.make(type, values);
        } catch (IllegalArgumentException refused) {
            report(refused.getMessage(), places, start);
            return null;
        }
    }

    /** A record's message begins with the key that it speaks of, where there is one. */
    private void report(String message, Map<String, Place> places, Place start) {
        String key = message.split("[ :]", 2)[0];
        if (places.containsKey(key) && message.startsWith(key + " ")) {
            faults.add(places.get(key), Entry.join(path, key), message.substring(key.length() + 1));
        } else {
            faults.add(start, path, message);
        }
    }
}
