// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.config.Required;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.Records;
import io.philotes.config.internal.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Reads one record. */
final class PropertyRecord {

    private final PropertyReader reader;
    private final PropertyFaults faults;
    private final ApplicationDefaults defaults;
    private final PropertyScope scope;
    private final ConfigurationPropertyName name;

    PropertyRecord(
            PropertyReader reader,
            PropertyFaults faults,
            ApplicationDefaults defaults,
            PropertyScope scope,
            ConfigurationPropertyName name) {
        this.reader = reader;
        this.faults = faults;
        this.defaults = defaults;
        this.scope = scope;
        this.name = name;
    }

    /** The record; null when anything in it was reported. */
    Object read(Class<?> type) {
        int before = faults.count();
        Map<String, RecordComponent> keys = Keys.of(type);
        Map<String, Object> values = new HashMap<>();
        keys.forEach((key, component) -> {
            if (scope.has(name.append(key))) {
                values.put(key, reader.value(scope, name.append(key), component.getGenericType()));
            }
        });
        Set<String> given = Set.copyOf(values.keySet());
        Optional<String> lacking =
                defaults.complete(type, given, (key, part) -> reader.record(scope, name, key, part), values);
        lacking.ifPresent(message -> faults.add(name.toString(), scope.origin(name), message));
        reportUnknown(keys);
        if (lacking.isEmpty()) {
            reportMissing(keys, values);
        }
        return faults.count() == before ? make(type, values) : null;
    }

    private void reportUnknown(Map<String, RecordComponent> keys) {
        Set<String> unknown = new LinkedHashSet<>();
        for (ConfigurationPropertyName under : scope.writtenUnder(name)) {
            ConfigurationPropertyName child = under.chop(name.getNumberOfElements() + 1);
            if (keys.keySet().stream().noneMatch(key -> name.append(key).equals(child))) {
                unknown.add(PropertyScope.child(name, under));
            }
        }
        for (String key : unknown) {
            ConfigurationPropertyName child = ConfigurationPropertyName.adapt(name + "." + key, '.');
            faults.add(name + "." + key, scope.origin(child), "unknown key" + Suggestion.text(key, keys.keySet()));
        }
    }

    private void reportMissing(Map<String, RecordComponent> keys, Map<String, Object> values) {
        keys.forEach((key, component) -> {
            boolean missing = !values.containsKey(key) || (values.get(key) == null && !scope.has(name.append(key)));
            if (component.isAnnotationPresent(Required.class) && missing) {
                faults.add(name.toString(), scope.origin(name), "the key '" + key + "' is missing");
            }
        });
    }

    private Object make(Class<?> type, Map<String, Object> values) {
        try {
            return Records.make(type, values);
        } catch (IllegalArgumentException refused) {
            report(refused.getMessage(), values.keySet());
            return null;
        }
    }

    /** A record's message begins with the key that it speaks of, where there is one. */
    private void report(String message, Set<String> keys) {
        String key = message.split("[ :]", 2)[0];
        boolean speaksOfKey = keys.contains(key) && message.startsWith(key + " ");
        ConfigurationPropertyName at = speaksOfKey ? name.append(key) : name;
        faults.add(at.toString(), scope.origin(at), speaksOfKey ? message.substring(key.length() + 1) : message);
    }
}
