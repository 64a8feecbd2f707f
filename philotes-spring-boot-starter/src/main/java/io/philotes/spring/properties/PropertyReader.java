// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.config.ConfigRules;
import io.philotes.config.OwnParts;
import io.philotes.config.Ref;
import io.philotes.config.internal.ShortForm;
import io.philotes.config.internal.Values;
import io.philotes.spring.InvalidPropertiesException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the properties under {@value PhilotesProperties#PREFIX} by the types of the configuration's records: keys, values,
 * short forms and rules are those of the runner's file. Used by one thread.
 */
public final class PropertyReader {

    private final PropertyFaults faults = new PropertyFaults();
    private final ApplicationDefaults defaults;
    private final PropertyTexts texts;
    private final PropertyScope everything;

    public PropertyReader(ConfigurableEnvironment environment, ApplicationDefaults defaults) {
        this.defaults = defaults;
        this.everything = new PropertyScope(ConfigurationPropertySources.get(environment));
        this.texts = new PropertyTexts(environment, faults);
    }

    /**
     * Reads all of them.
     *
     * @param own what the application brings itself
     * @throws InvalidPropertiesException with every fault
     */
    public PhilotesProperties read(OwnParts own) {
        ConfigurationPropertyName root = ConfigurationPropertyName.of(PhilotesProperties.PREFIX);
        PhilotesProperties read = (PhilotesProperties) record(everything, root, PhilotesProperties.class);
        if (read != null && !read.pipelines().isEmpty()) {
            ConfigRules.problems(read.config(), own).forEach(problem -> report(problem.path(), problem.message()));
        }
        faults.throwIfAny();
        return read;
    }

    private void report(String path, String message) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(PhilotesProperties.PREFIX + "." + path, '.');
        faults.add(PhilotesProperties.PREFIX + "." + path, everything.origin(name), message);
    }

    /** Null when it was reported. */
    Object value(PropertyScope scope, ConfigurationPropertyName name, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Optional.class) {
                return Optional.ofNullable(value(scope, name, last));
            }
            if (generic.getRawType() == Ref.class) {
                return ref(scope, name, last);
            }
            return generic.getRawType() == List.class ? list(scope, name, last) : map(scope, name, last);
        }
        Class<?> plain = (Class<?>) type;
        if (Values.isSingle(plain)) {
            return texts.single(scope, name, plain);
        }
        boolean asText = ShortForm.existsFor(plain) && !texts.isEmpty(scope, name);
        return asText ? texts.shortForm(scope, name, plain) : record(scope, name, plain);
    }

    private Object record(PropertyScope scope, ConfigurationPropertyName name, Class<?> type) {
        if (!texts.requireEmpty(scope, name, "must be a mapping of keys to values")) {
            return null;
        }
        return new PropertyRecord(this, faults, defaults, scope, name).read(type);
    }

    Object record(PropertyScope scope, ConfigurationPropertyName name, String key, Class<?> type) {
        return record(scope, name.append(key), type);
    }

    private Ref<?> ref(PropertyScope scope, ConfigurationPropertyName name, Type type) {
        if (texts.isEmpty(scope, name)) {
            Object part = value(scope, name, type);
            return part == null ? null : Ref.inline(part);
        }
        Object text = texts.single(scope, name, String.class);
        return text == null ? null : Ref.to((String) text);
    }

    private List<?> list(PropertyScope scope, ConfigurationPropertyName name, Type type) {
        if (!texts.requireEmpty(scope, name, "must be a list")) {
            return null;
        }
        PropertyScope one = scope.ofList(name);
        List<Object> list = new ArrayList<>();
        for (ConfigurationPropertyName item = item(name, 0); one.has(item); item = item(name, list.size())) {
            list.add(value(one, item, type));
        }
        Set<String> others = new LinkedHashSet<>();
        for (ConfigurationPropertyName under : one.under(name)) {
            String index = PropertyScope.child(name, under);
            if (!index.matches("[0-9]{1,9}") || Integer.parseInt(index) >= list.size()) {
                others.add(index);
            }
        }
        others.forEach(index -> faults.add(
                name + "[" + index + "]", one.origin(name), "there is no element " + list.size() + " before it"));
        return list.contains(null) ? null : list;
    }

    private static ConfigurationPropertyName item(ConfigurationPropertyName list, int index) {
        return list.append("[" + index + "]");
    }

    private Map<String, ?> map(PropertyScope scope, ConfigurationPropertyName name, Type type) {
        if (!texts.requireEmpty(scope, name, "must be a mapping of keys to values")) {
            return null;
        }
        boolean single = Values.isSingle((Class<?>) type);
        Map<ConfigurationPropertyName, String> keys = new LinkedHashMap<>();
        for (ConfigurationPropertyName under : scope.under(name)) {
            ConfigurationPropertyName entry = single ? under : under.chop(name.getNumberOfElements() + 1);
            keys.putIfAbsent(entry, key(name, entry));
        }
        Map<String, Object> map = new LinkedHashMap<>();
        keys.forEach((entry, key) -> map.put(key, value(scope, entry, type)));
        return map.containsValue(null) ? null : map;
    }

    /** Dots in a key of single values are its own: {@code s3.endpoint}. */
    private static String key(ConfigurationPropertyName map, ConfigurationPropertyName entry) {
        List<String> elements = new ArrayList<>();
        for (int i = map.getNumberOfElements(); i < entry.getNumberOfElements(); i++) {
            elements.add(entry.getElement(i, Form.ORIGINAL));
        }
        return String.join(".", elements);
    }
}
