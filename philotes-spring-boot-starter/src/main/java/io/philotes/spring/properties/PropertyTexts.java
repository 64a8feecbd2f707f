// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.config.Secret;
import io.philotes.config.internal.ShortForm;
import io.philotes.config.internal.Values;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.PropertyResolver;

/** Reads single values. What placeholders stand for, and secrets, are not shown in messages. Used by one thread. */
final class PropertyTexts {

    private static final String FILE = "${file:";
    private static final Pattern WHOLE = Pattern.compile("\\$\\{[^${}]*}");
    private static final Pattern NAME = Pattern.compile("\\$\\{([^:${}]+)");

    private final PropertyResolver placeholders;
    private final PropertyFaults faults;

    PropertyTexts(PropertyResolver placeholders, PropertyFaults faults) {
        this.placeholders = placeholders;
        this.faults = faults;
    }

    /** Whether there is no text; Spring shows an empty mapping or list as an empty one. */
    boolean isEmpty(PropertyScope scope, ConfigurationPropertyName name) {
        return scope.find(name).map(PropertyTexts::raw).orElse("").isEmpty();
    }

    /** False when there is a text, which is reported then. */
    boolean requireEmpty(PropertyScope scope, ConfigurationPropertyName name, String message) {
        if (isEmpty(scope, name)) {
            return true;
        }
        fault(name, scope.find(name).orElseThrow(), message);
        return false;
    }

    /** The value; null when it was reported. */
    Object single(PropertyScope scope, ConfigurationPropertyName name, Class<?> type) {
        Optional<ConfigurationProperty> property = scope.find(name);
        if (property.isEmpty()) {
            faults.add(name.toString(), scope.origin(name), "must be a single value");
            return null;
        }
        return checked(name, property.get(), () -> convert(property.get(), type));
    }

    private Object convert(ConfigurationProperty property, Class<?> type) {
        String text = resolved(property, type);
        if (text.isEmpty() && type != Secret.class) {
            return constantNull(type)
                    .orElseThrow(
                            () -> new IllegalArgumentException("has no value; leave the key out to get its default"));
        }
        return Values.of(text, "'" + raw(property) + "'", type);
    }

    /** YAML's word {@code null}, which comes as an empty text, where the type has a constant of that name. */
    private static Optional<Object> constantNull(Class<?> type) {
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants())
                        .filter(constant -> ((Enum<?>) constant).name().equals("NULL"))
                        .findFirst()
                        .map(Object.class::cast)
                : Optional.empty();
    }

    /** The record that the text stands for; null when it was reported. */
    Object shortForm(PropertyScope scope, ConfigurationPropertyName name, Class<?> type) {
        ConfigurationProperty property = scope.find(name).orElseThrow();
        return checked(name, property, () -> ShortForm.make(type, resolved(property, type)));
    }

    private <T> T checked(ConfigurationPropertyName name, ConfigurationProperty property, Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (IllegalArgumentException e) {
            fault(name, property, e.getMessage());
            return null;
        }
    }

    private void fault(ConfigurationPropertyName name, ConfigurationProperty property, String message) {
        faults.add(name.toString(), Optional.ofNullable(property.getOrigin()), message);
    }

    private static String raw(ConfigurationProperty property) {
        return String.valueOf(property.getValue());
    }

    private String resolved(ConfigurationProperty property, Class<?> type) {
        String raw = raw(property);
        if (raw.contains(FILE)) {
            // Spring would take the path for a default value.
            throw new IllegalArgumentException(
                    "${file:…} belongs to the runner; import the directory with spring.config.import=configtree:");
        }
        try {
            return placeholders.resolveRequiredPlaceholders(raw);
        } catch (IllegalArgumentException e) {
            // Its message has the text with all around the placeholder, and what other placeholders stand for.
            throw new IllegalArgumentException(unresolved(raw, type));
        }
    }

    /** Of a secret only what is a reference as a whole is named: else its own text may hold the mark of one. */
    private static String unresolved(String raw, Class<?> type) {
        if (type == Secret.class && !WHOLE.matcher(raw).matches()) {
            return "Could not resolve a placeholder in it; write \\${ where the text itself has ${";
        }
        return NAME.matcher(raw)
                .results()
                .map(found -> "'" + found.group(1) + "'")
                .collect(Collectors.joining(", ", "Could not resolve placeholder ", ", or one in its text"));
    }
}
